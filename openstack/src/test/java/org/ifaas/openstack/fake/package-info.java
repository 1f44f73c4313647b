/** A cloud in this process: what OpenStack's services were seen to do, and faults at will. */
@NullMarked
package org.ifaas.openstack.fake;

import org.jspecify.annotations.NullMarked;
