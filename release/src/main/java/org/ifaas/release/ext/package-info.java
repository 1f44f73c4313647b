/** Reads ext2, ext3 and ext4 file systems out of a disk's bytes, without mounting; written for hostile ones. */
@NullMarked
package org.ifaas.release.ext;

import org.jspecify.annotations.NullMarked;
