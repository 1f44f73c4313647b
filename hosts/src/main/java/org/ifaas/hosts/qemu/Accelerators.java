package org.ifaas.hosts.qemu;

/** Says which accelerator this machine has. */
public interface Accelerators {
    Verdict verdict() throws InterruptedException;

    /**
     * @param detail why, for people
     * @param mend what would give KVM; empty where there is KVM
     */
    record Verdict(Accelerator accelerator, String detail, String mend) {}
}
