/** How built files come from their build hosts to the factory. */
@NullMarked
package org.ifaas.factory.handover;

import org.jspecify.annotations.NullMarked;
