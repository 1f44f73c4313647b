/** Who decided what, so that nobody can change it afterwards unseen. */
@NullMarked
package org.ifaas.factory.audit;

import org.jspecify.annotations.NullMarked;
