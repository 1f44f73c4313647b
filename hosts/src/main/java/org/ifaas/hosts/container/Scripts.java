package org.ifaas.hosts.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;

/** The shell scripts of a host; they travel as arguments, so that a running host needs no file of this version. */
final class Scripts {
    static final String LAUNCH = text("launch.sh");
    static final String HOST = text("host.sh");
    static final String ENTRY = text("entry.sh");
    static final String PROBE = text("probe.sh");

    private Scripts() {}

    private static String text(String name) {
        try (var in = Objects.requireNonNull(Scripts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.strip().startsWith("#") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
