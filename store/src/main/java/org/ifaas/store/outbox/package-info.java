/** Events and their deliveries in PostgreSQL. */
@NullMarked
package org.ifaas.store.outbox;

import org.jspecify.annotations.NullMarked;
