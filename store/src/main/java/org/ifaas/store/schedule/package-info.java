/** Schedules in PostgreSQL, and what their cron expressions mean. */
@NullMarked
package org.ifaas.store.schedule;

import org.jspecify.annotations.NullMarked;
