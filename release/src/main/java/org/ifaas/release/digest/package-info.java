/** Digests: many of one content in one read. */
@NullMarked
package org.ifaas.release.digest;

import org.jspecify.annotations.NullMarked;
