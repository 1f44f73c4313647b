/** The REST interface, with a token. */
@NullMarked
package org.ifaas.server.api;

import org.jspecify.annotations.NullMarked;
