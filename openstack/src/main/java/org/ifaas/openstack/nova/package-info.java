/** Build hosts and test instances that are servers of Nova. */
@NullMarked
package org.ifaas.openstack.nova;

import org.jspecify.annotations.NullMarked;
