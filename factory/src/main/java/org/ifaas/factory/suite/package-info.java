/** The test suite: shell scripts that run on test instances and print TAP, and what becomes of their results. */
@NullMarked
package org.ifaas.factory.suite;

import org.jspecify.annotations.NullMarked;
