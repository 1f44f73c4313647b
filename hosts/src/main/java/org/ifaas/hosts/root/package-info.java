/** Prepared root file systems, from which build hosts are made in seconds. */
@NullMarked
package org.ifaas.hosts.root;

import org.jspecify.annotations.NullMarked;
