/** The durable side of the factory: one PostgreSQL, embedded or served, and all that lives in it. */
@NullMarked
package org.ifaas.store;

import org.jspecify.annotations.NullMarked;
