/** Whether a cloud gives the factory what it needs, and no more. */
@NullMarked
package org.ifaas.openstack.doctor;

import org.jspecify.annotations.NullMarked;
