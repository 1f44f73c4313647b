/** Programs of the factory's own machine, run safely: argument vectors, bounded output, limits that end what was started. */
@NullMarked
package org.ifaas.hosts.local;

import org.jspecify.annotations.NullMarked;
