/** Files that are there whole or not at all. */
@NullMarked
package org.ifaas.release.file;

import org.jspecify.annotations.NullMarked;
