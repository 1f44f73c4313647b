/** The REST interface, on loopback and with a token. */
@NullMarked
package org.ifaas.server.api;

import org.jspecify.annotations.NullMarked;
