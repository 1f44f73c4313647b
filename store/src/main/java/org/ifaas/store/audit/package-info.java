/** The audit log in PostgreSQL. */
@NullMarked
package org.ifaas.store.audit;

import org.jspecify.annotations.NullMarked;
