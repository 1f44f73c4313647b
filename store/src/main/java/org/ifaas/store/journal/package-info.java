/** Journal and publication requests in PostgreSQL, fenced by epoch. */
@NullMarked
package org.ifaas.store.journal;

import org.jspecify.annotations.NullMarked;
