/** qcow2: what its header says, read before any other program opens it. */
@NullMarked
package org.ifaas.release.qcow2;

import org.jspecify.annotations.NullMarked;
