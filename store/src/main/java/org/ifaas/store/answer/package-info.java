/** Answers that are kept for requests that may be sent again. */
@NullMarked
package org.ifaas.store.answer;

import org.jspecify.annotations.NullMarked;
