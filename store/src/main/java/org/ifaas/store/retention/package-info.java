/** What is over its time, as the database knows it. */
@NullMarked
package org.ifaas.store.retention;

import org.jspecify.annotations.NullMarked;
