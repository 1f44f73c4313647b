/** The command line: speaks REST and knows the interface's records, nothing else of the factory. */
@NullMarked
package org.ifaas.cli;

import org.jspecify.annotations.NullMarked;
