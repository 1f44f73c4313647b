@NullMarked
package org.ifaas.hosts.qemu;

import org.jspecify.annotations.NullMarked;
