/** A thin client of OpenStack's interfaces: tokens, the catalogue, requests, pages and uploads. */
@NullMarked
package org.ifaas.openstack.client;

import org.jspecify.annotations.NullMarked;
