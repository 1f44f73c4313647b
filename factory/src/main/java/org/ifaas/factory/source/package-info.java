/** Ports to where definitions and their inputs come from: git repositories and package mirrors. */
@NullMarked
package org.ifaas.factory.source;

import org.jspecify.annotations.NullMarked;
