/** Following builds until they end or the user looks away. */
@NullMarked
package org.ifaas.cli.follow;

import org.jspecify.annotations.NullMarked;
