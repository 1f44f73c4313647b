package org.ifaas.release.openpgp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.digest.AllDigests;
import org.ifaas.release.file.WholeFile;
import org.ifaas.release.program.Program;

/**
 * Signs by the {@code gpg} program, for keys on a smartcard or in an agent. A file is read once: by us, who measure it and
 * hand the same bytes to {@code gpg}.
 */
public final class GpgSigner implements Signer {
    private static final String UNLOCK = "insert the card, or unlock the key by signing once by hand, and retry";

    private final GpgPolicy policy;
    private final InstantSource clock;

    public GpgSigner(GpgPolicy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** Makes a signature on trial: nothing else tells whether card or agent are ready. */
    @Override
    public Key usableKey() throws StageFailure {
        try {
            var key = usable(policy.margin());
            signature(key, program -> program.write("on trial".getBytes(StandardCharsets.US_ASCII)));
            var expires = key.expires()
                    .map(time -> time.atZone(ZoneOffset.UTC).toLocalDate().toString())
                    .orElse("never");
            return new Key(policy.fingerprint(), key.userId(), export(), expires);
        } catch (IOException failed) {
            throw refused("can't be used: " + failed.getMessage(), UNLOCK);
        }
    }

    @Override
    public void sign(Path file, Measured expected) throws StageFailure, IOException {
        try (var digests = new AllDigests()) {
            var signature = signature(file, digests);
            var found = digests.measured();
            if (!found.equals(expected)) {
                throw NotAsMeasured.failure(
                        file, expected, found.size(), found.digests().sha256());
            }
            write(file, signature);
        }
    }

    @Override
    public Measured sign(Path file) throws StageFailure, IOException {
        try (var digests = new AllDigests()) {
            var signature = signature(file, digests);
            write(file, signature);
            return digests.measured();
        }
    }

    @Override
    public String signature(byte[] content) throws StageFailure, IOException {
        return signature(usable(Duration.ZERO), program -> program.write(content));
    }

    /** Of what the digests were given. */
    private String signature(Path file, AllDigests digests) throws StageFailure, IOException {
        var signature = signature(usable(Duration.ZERO), program -> {
            try (var content = Files.newInputStream(file);
                    var both = new Tee(program, digests)) {
                content.transferTo(both);
            }
        });
        digests.finish();
        return signature;
    }

    private String signature(GpgKeyListing key, Program.Input content) throws StageFailure, IOException {
        var arguments = List.of(
                "--status-fd",
                "2",
                "--local-user",
                policy.fingerprint(),
                "--digest-algo",
                "SHA256",
                "--armor",
                "--detach-sign");
        var ended = gpg(arguments, content);
        var created = ended.errors()
                .lines()
                .filter(line -> line.startsWith("[GNUPG:] SIG_CREATED D "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
        if (!ended.well() || created.size() != 1 || !key.fingerprints().containsAll(created)) {
            throw refused("can't sign: " + ended.errors().strip(), UNLOCK);
        }
        return ended.output();
    }

    private GpgKeyListing usable(Duration margin) throws StageFailure, IOException {
        var ended = gpg(List.of("--with-colons", "--list-secret-keys", policy.fingerprint()), program -> {});
        var key = GpgKeyListing.parse(ended.output());
        if (!ended.well() || !key.fingerprints().contains(policy.fingerprint())) {
            throw refused("is not known to gpg", "import its public key, and show gpg the card by gpg --card-status");
        }
        var extend = "extend it by gpg --quick-set-expire %s 2y, and give customers the new public key"
                .formatted(policy.fingerprint());
        var expires = key.expires().filter(time -> time.isBefore(clock.instant().plus(margin)));
        if (key.validity().equals("r")) {
            throw refused("is revoked", "give the factory a new key, and its fingerprint to all who pin it");
        }
        if (key.validity().equals("e") || expires.isPresent()) {
            throw refused(
                    "has expired or expires soon: on "
                            + expires.map(Object::toString).orElse("?"),
                    extend);
        }
        if (!key.canSign() || key.validity().matches("[di]")) {
            throw refused("can't sign", "name a key with a secret part that may sign");
        }
        return key;
    }

    private String export() throws StageFailure, IOException {
        var file = Files.createTempFile("release-key-", ".asc");
        try {
            var arguments = List.of(
                    "--yes",
                    "--output",
                    file.toString(),
                    "--armor",
                    "--export-options",
                    "export-minimal",
                    "--export",
                    policy.fingerprint());
            var ended = gpg(arguments, program -> {});
            if (!ended.well()) {
                throw refused("can't be exported: " + ended.text(), "check it by gpg --export");
            }
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Program.Ended gpg(List<String> arguments, Program.Input input) throws IOException {
        try {
            return Program.run(Path.of("/"), Map.of(), policy.command(arguments), input);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while gpg was running");
        }
    }

    private static void write(Path file, String signature) throws IOException {
        WholeFile.write(file.resolveSibling(file.getFileName() + ".asc"), signature);
    }

    private StageFailure refused(String why, String mend) {
        return new StageFailure(
                Blame.FACTORY,
                "signing key %s (of %s) %s".formatted(policy.fingerprint(), policy.program(), why),
                mend);
    }

    /** Gives the same bytes to both. */
    private static final class Tee extends OutputStream {
        private final OutputStream program;
        private final AllDigests digests;

        Tee(OutputStream program, AllDigests digests) {
            this.program = program;
            this.digests = digests;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            digests.update(bytes, from, length);
            program.write(bytes, from, length);
        }
    }
}
