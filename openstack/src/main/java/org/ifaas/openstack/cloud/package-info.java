/** Which clouds there are, as OpenStack's own {@code clouds.yaml} tells. */
@NullMarked
package org.ifaas.openstack.cloud;

import org.jspecify.annotations.NullMarked;
