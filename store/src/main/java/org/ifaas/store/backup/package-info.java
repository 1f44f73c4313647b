/** Logical backup and restore of everything in the database. */
@NullMarked
package org.ifaas.store.backup;

import org.jspecify.annotations.NullMarked;
