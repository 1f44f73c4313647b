/** Regions whose images are in Glance. */
@NullMarked
package org.ifaas.openstack.glance;

import org.jspecify.annotations.NullMarked;
