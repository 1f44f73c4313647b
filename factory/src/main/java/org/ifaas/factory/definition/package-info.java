/** What can be built: the image definition, as read from its {@code image.yaml}. */
@NullMarked
package org.ifaas.factory.definition;

import org.jspecify.annotations.NullMarked;
