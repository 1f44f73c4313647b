/** Which PostgreSQL, how it is reached, its tables, and word of what changes in them. */
@NullMarked
package org.ifaas.store.sql;

import org.jspecify.annotations.NullMarked;
