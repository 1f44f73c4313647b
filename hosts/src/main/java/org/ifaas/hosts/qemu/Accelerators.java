package org.ifaas.hosts.qemu;

import org.jspecify.annotations.Nullable;

/** Says which accelerator this machine has. */
public interface Accelerators {
    Verdict verdict() throws InterruptedException;

    /**
     * @param detail why, for people
     * @param mend what would give KVM; empty where there is KVM
     * @param kernel the Linux kernel that was booted to find out; null when it took none
     */
    record Verdict(
            Accelerator accelerator,
            String detail,
            String mend,
            @Nullable String kernel) {}
}
