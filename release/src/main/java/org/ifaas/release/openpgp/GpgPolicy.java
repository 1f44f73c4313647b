package org.ifaas.release.openpgp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key that only {@code gpg} can reach: on a smartcard, or held by an agent.
 *
 * @param program {@code gpg} or its path
 * @param home GnuPG's home folder; empty for the user's own
 * @param fingerprint of the primary key, 40 hexadecimal digits: no other key ever signs
 * @param margin a key that expires within this time is refused
 */
public record GpgPolicy(String program, Optional<Path> home, String fingerprint, Duration margin) {
    public GpgPolicy {
        fingerprint = fingerprint.replace(" ", "").toUpperCase(Locale.ROOT);
        if (!fingerprint.matches("[0-9A-F]{40}|[0-9A-F]{64}")) {
            throw new IllegalArgumentException("a fingerprint has 40 or 64 hexadecimal digits: " + fingerprint);
        }
    }

    public static GpgPolicy defaults(String fingerprint) {
        return new GpgPolicy("gpg", Optional.empty(), fingerprint, Duration.ofDays(14));
    }

    /** A command line that never asks: a locked key fails at once. */
    List<String> command(List<String> arguments) {
        var command = new ArrayList<>(List.of(program, "--batch", "--no-tty", "--pinentry-mode", "error"));
        home.ifPresent(folder -> command.addAll(List.of("--homedir", folder.toString())));
        command.addAll(arguments);
        return command;
    }
}
