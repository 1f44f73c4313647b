package org.ifaas.hosts.qemu;

import java.util.List;

/** What runs the code of a guest. */
public enum Accelerator {
    /** The processor itself. */
    KVM("-accel", "kvm", "-cpu", "host"),
    /** QEMU's translator: works everywhere, some twenty times slower. */
    TCG("-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max");

    private final List<String> arguments;

    Accelerator(String... arguments) {
        this.arguments = List.of(arguments);
    }

    List<String> arguments() {
        return arguments;
    }

    /** For people: {@code QEMU with KVM}. */
    public String detail() {
        return "QEMU with " + this;
    }
}
