/** Figures about builds and stages, a query each. */
@NullMarked
package org.ifaas.store.statistics;

import org.jspecify.annotations.NullMarked;
