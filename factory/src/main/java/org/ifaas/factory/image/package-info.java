/** Ports to images: builders, and the registries of the regions. */
@NullMarked
package org.ifaas.factory.image;

import org.jspecify.annotations.NullMarked;
