/** Where definitions and their inputs come from: git repositories, {@code image.yaml}, parameters, package mirrors. */
@NullMarked
package org.ifaas.sources;

import org.jspecify.annotations.NullMarked;
