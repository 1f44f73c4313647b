package org.ifaas.hosts.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The shell scripts of a host; each host gets its own copies, and runs on when the factory is replaced. */
final class Scripts {
    static final String LAUNCH = text("launch.sh");
    static final String HOST = text("host.sh");
    static final String ENTRY = text("entry.sh");
    static final String PROBE = text("probe.sh");

    private Scripts() {}

    private static String text(String name) {
        try (var in = Objects.requireNonNull(Scripts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
