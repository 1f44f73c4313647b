/** Ports to machines: build hosts, test instances and the way to talk to them. */
@NullMarked
package org.ifaas.factory.host;

import org.jspecify.annotations.NullMarked;
