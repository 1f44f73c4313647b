/** The logs of all stages: bounded chunks in PostgreSQL, compacted into the artifact store. */
@NullMarked
package org.ifaas.store.log;

import org.jspecify.annotations.NullMarked;
