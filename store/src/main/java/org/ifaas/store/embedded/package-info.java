/** PostgreSQL launched by the factory itself. */
@NullMarked
package org.ifaas.store.embedded;

import org.jspecify.annotations.NullMarked;
