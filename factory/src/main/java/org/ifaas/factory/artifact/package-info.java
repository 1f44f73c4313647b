/** Port to the artifact store, where releases and logs are kept. */
@NullMarked
package org.ifaas.factory.artifact;

import org.jspecify.annotations.NullMarked;
