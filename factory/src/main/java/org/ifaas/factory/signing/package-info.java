/** Ports to measuring, signing and auditing files. */
@NullMarked
package org.ifaas.factory.signing;

import org.jspecify.annotations.NullMarked;
