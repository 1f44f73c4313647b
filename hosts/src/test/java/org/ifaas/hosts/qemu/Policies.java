package org.ifaas.hosts.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.host.HostSize;

/** Policies that differ from the defaults in one thing. */
final class Policies {
    private static final QemuPolicy DEFAULTS = QemuPolicy.defaults();

    private Policies() {}

    static QemuPolicy kvmDeadline(int seconds) {
        return of(DEFAULTS.qemu(), DEFAULTS.sandbox(), DEFAULTS.firmware(), Duration.ofSeconds(seconds));
    }

    /** @param program stands in QEMU's place */
    static QemuPolicy qemu(String program) {
        return qemu(program, 2);
    }

    static QemuPolicy qemu(String program, int kvmDeadline) {
        return of(program, "", DEFAULTS.firmware(), Duration.ofSeconds(kvmDeadline));
    }

    static QemuPolicy withoutFirmware() {
        return of(DEFAULTS.qemu(), DEFAULTS.sandbox(), List.of(), DEFAULTS.kvmDeadline());
    }

    private static QemuPolicy of(String qemu, String sandbox, List<QemuPolicy.Ovmf> firmware, Duration kvmDeadline) {
        return new QemuPolicy(
                qemu,
                sandbox,
                List.of(),
                firmware,
                kvmDeadline,
                DEFAULTS.startDeadline(),
                DEFAULTS.tcgPatience(),
                DEFAULTS.workArea(),
                DEFAULTS.rootAge(),
                DEFAULTS.rootsKept(),
                DEFAULTS.rootLimit(),
                Map.of("small", new HostSize(1, 512, 3)));
    }
}
