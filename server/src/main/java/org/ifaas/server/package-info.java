/** The factory as a process: configuration, composition and start. */
@NullMarked
package org.ifaas.server;

import org.jspecify.annotations.NullMarked;
