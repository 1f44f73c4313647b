/** Approvals of publications as signed statements. */
@NullMarked
package org.ifaas.release.approval;

import org.jspecify.annotations.NullMarked;
