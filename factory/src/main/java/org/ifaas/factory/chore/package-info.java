/** What the factory does again and again beside its builds. */
@NullMarked
package org.ifaas.factory.chore;

import org.jspecify.annotations.NullMarked;
