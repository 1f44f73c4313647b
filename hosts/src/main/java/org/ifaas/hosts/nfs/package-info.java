/** Built files that come by way of an NFS export. */
@NullMarked
package org.ifaas.hosts.nfs;

import org.jspecify.annotations.NullMarked;
