/** Builds and how they are carried through the stages: the journal, the runner, the lease. */
@NullMarked
package org.ifaas.factory.pipeline;

import org.jspecify.annotations.NullMarked;
