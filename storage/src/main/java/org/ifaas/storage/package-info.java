/** Artifact store and regions that are directories on this machine, or mounted there. */
@NullMarked
package org.ifaas.storage;

import org.jspecify.annotations.NullMarked;
