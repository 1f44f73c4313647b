/** What is removed when it has become old, and what stays. */
@NullMarked
package org.ifaas.factory.retention;

import org.jspecify.annotations.NullMarked;
