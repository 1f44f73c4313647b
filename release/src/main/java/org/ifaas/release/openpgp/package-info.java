/** OpenPGP: the release key and its signatures. */
@NullMarked
package org.ifaas.release.openpgp;

import org.jspecify.annotations.NullMarked;
