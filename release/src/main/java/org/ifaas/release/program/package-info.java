/** Programs run as processes of ours. */
@NullMarked
package org.ifaas.release.program;

import org.jspecify.annotations.NullMarked;
