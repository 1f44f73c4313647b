/** Disks: their partitions, and what lies in each. */
@NullMarked
package org.ifaas.release.disk;

import org.jspecify.annotations.NullMarked;
