/** Finding, starting and talking to the factory. */
@NullMarked
package org.ifaas.cli.factory;

import org.jspecify.annotations.NullMarked;
