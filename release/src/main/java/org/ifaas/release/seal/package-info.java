/** Sealing a release folder: signatures, audit set, checksums, in the order that makes each cover the ones before. */
@NullMarked
package org.ifaas.release.seal;

import org.jspecify.annotations.NullMarked;
