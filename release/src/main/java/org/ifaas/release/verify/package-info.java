/** Checking a release as a customer does. */
@NullMarked
package org.ifaas.release.verify;

import org.jspecify.annotations.NullMarked;
