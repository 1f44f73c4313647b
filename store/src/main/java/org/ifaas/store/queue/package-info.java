/** db-scheduler as lease and clock: who carries which build, and recurring chores. */
@NullMarked
package org.ifaas.store.queue;

import org.jspecify.annotations.NullMarked;
