/** The console: pages for people, rendered here, that work without JavaScript. One list of routes says who may do what. */
@NullMarked
package org.ifaas.server.console;

import org.jspecify.annotations.NullMarked;
