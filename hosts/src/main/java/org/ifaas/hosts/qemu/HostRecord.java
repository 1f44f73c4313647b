package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;

/** What is known of a build host, in its folder; written last, so that a host without it is half-made. */
final class HostRecord {
    private static final String FILE = "host.properties";

    private HostRecord() {}

    static void write(Path home, BuildHost host) throws IOException {
        var values = new Properties();
        values.setProperty("port", String.valueOf(host.port()));
        values.setProperty("hostKey", String.valueOf(host.hostKey()));
        values.setProperty("detail", host.detail());
        values.setProperty("spawned", host.spawned().toString());
        var part = home.resolve(FILE + ".part");
        try (var out = Files.newBufferedWriter(part)) {
            values.store(out, null);
        }
        Files.move(part, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Optional<BuildHost> read(Path home) {
        var values = new Properties();
        try (var in = Files.newBufferedReader(home.resolve(FILE))) {
            values.load(in);
            return Optional.of(new BuildHost(
                    HostKind.QEMU,
                    home.getFileName().toString(),
                    "127.0.0.1",
                    Integer.parseInt(values.getProperty("port")),
                    "root",
                    values.getProperty("hostKey"),
                    values.getProperty("detail"),
                    Instant.parse(values.getProperty("spawned"))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
