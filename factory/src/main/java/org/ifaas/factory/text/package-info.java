/** What others have written, made fit to be shown. */
@NullMarked
package org.ifaas.factory.text;

import org.jspecify.annotations.NullMarked;
