/** Signed statements: DSSE envelopes whose signatures are OpenPGP's. */
@NullMarked
package org.ifaas.release.dsse;

import org.jspecify.annotations.NullMarked;
