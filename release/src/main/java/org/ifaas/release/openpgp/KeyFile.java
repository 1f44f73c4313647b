package org.ifaas.release.openpgp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKeyReader;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.release.file.WholeFile;
import org.jspecify.annotations.Nullable;

/** The secret key on the factory's disk: read, or made when there is none and none was given. */
final class KeyFile {
    private final SigningKeyPolicy policy;

    KeyFile(SigningKeyPolicy policy) {
        this.policy = policy;
    }

    OpenPGPKey read(Instant now) throws StageFailure {
        var file = policy.keyFile();
        try {
            if (!Files.exists(file) && policy.secretKey().isEmpty()) {
                make(file, now);
            }
            checkMode(file);
            return new OpenPGPKeyReader().parseKey(Files.readAllBytes(file));
        } catch (IOException | PGPException | RuntimeException failed) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "signing key %s can't be read: %s".formatted(file, failed),
                    "give a secret key made by gpg --export-secret-keys --armor, readable by the factory's user alone",
                    failed);
        }
    }

    char @Nullable [] passphrase() throws StageFailure {
        var file = policy.passphrase().orElse(null);
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(file).lines().findFirst().orElse("").toCharArray();
        } catch (IOException failed) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the passphrase of signing key %s can't be read from %s: %s"
                            .formatted(policy.keyFile(), file, failed),
                    "make that file readable by the factory's user, with the passphrase in its first line",
                    failed);
        }
    }

    private void make(Path file, Instant now) throws IOException, PGPException, StageFailure {
        Files.createDirectories(
                policy.folder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var ring = NewKey.make(policy.userId(), now, policy.lifetime(), passphrase());
        if (WholeFile.createPrivate(file, Armor.of(ring.getEncoded()))) {
            var armored = Armor.of(ring.toCertificate().getEncoded());
            PublicKeyFiles.write(policy.folder(), policy.name(), new String(armored, StandardCharsets.US_ASCII));
        }
    }

    private static void checkMode(Path file) throws IOException {
        var open = Files.getPosixFilePermissions(file, new LinkOption[0]).stream()
                .anyMatch(permission -> permission == PosixFilePermission.GROUP_READ
                        || permission == PosixFilePermission.GROUP_WRITE
                        || permission == PosixFilePermission.OTHERS_READ
                        || permission == PosixFilePermission.OTHERS_WRITE);
        if (open) {
            throw new IOException("others than its owner may read or write it; chmod 600 it");
        }
    }
}
