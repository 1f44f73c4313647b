package org.ifaas.factory.host;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A transient machine reached over SSH, or a test instance.
 *
 * @param name as requested
 * @param hostKey type and base64 of the SSH host key it must show; null when it makes its own (test instances), which is
 *     then pinned at the first connection
 * @param detail how it runs, for people: {@code systemd-nspawn}, {@code QEMU with KVM}, {@code QEMU with TCG}
 */
public record BuildHost(
        HostKind kind,
        String name,
        String address,
        int port,
        String user,
        @Nullable String hostKey,
        String detail,
        Instant spawned) {}
