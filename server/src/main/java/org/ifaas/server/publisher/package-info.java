/** The process beside a region: how it reaches the factory, and what it remembers. */
@NullMarked
package org.ifaas.server.publisher;

import org.jspecify.annotations.NullMarked;
