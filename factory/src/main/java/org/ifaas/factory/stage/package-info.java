/**
 * The fifteen stages, one class each, listed in order in {@link org.ifaas.factory.stage.Stages}. A stage sees the ports and
 * its build, never another stage.
 */
@NullMarked
package org.ifaas.factory.stage;

import org.jspecify.annotations.NullMarked;
