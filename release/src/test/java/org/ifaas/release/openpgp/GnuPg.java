package org.ifaas.release.openpgp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.release.program.Program;

/** The real gpg with a home of its own; its agent ends with the test. */
public final class GnuPg implements AutoCloseable {
    private final Path home;

    public GnuPg(Path home) throws Exception {
        this.home = Files.createDirectories(home);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    }

    public Program.Ended run(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase", ""));
        command.addAll(List.of(arguments));
        return Program.run(home, Map.of("GNUPGHOME", home.toString()), command);
    }

    public String must(String... arguments) throws Exception {
        var ended = run(arguments);
        if (!ended.well()) {
            throw new AssertionError("gpg " + String.join(" ", arguments) + "\n" + ended.text());
        }
        return ended.output();
    }

    /** Of the primary key. */
    public String fingerprint(String userId) throws Exception {
        return must("--with-colons", "--list-keys", userId)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .map(line -> line.split(":")[9])
                .findFirst()
                .orElseThrow();
    }

    /** A secret key file as an operator would give it. */
    public Path exportSecret(String key, Path file) throws Exception {
        must("--yes", "--output", file.toString(), "--armor", "--export-secret-keys", key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Override
    public void close() throws Exception {
        Program.run(home, Map.of("GNUPGHOME", home.toString()), List.of("gpgconf", "--kill", "all"));
    }
}
