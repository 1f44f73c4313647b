/** Virtual machines on the factory's own machine: build hosts and test instances under QEMU, with KVM where it works. */
@NullMarked
package org.ifaas.hosts.qemu;

import org.jspecify.annotations.NullMarked;
