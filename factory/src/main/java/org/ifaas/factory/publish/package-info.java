/** Publication requests and how an approved image becomes public. */
@NullMarked
package org.ifaas.factory.publish;

import org.jspecify.annotations.NullMarked;
