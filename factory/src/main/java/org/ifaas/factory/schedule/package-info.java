/** Builds that start by themselves. */
@NullMarked
package org.ifaas.factory.schedule;

import org.jspecify.annotations.NullMarked;
