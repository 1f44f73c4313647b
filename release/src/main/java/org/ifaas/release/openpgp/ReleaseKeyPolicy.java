package org.ifaas.release.openpgp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which key signs releases, and how long one is used.
 *
 * @param folder where a key is made when none is given, mode 0700; the public key lies there too
 * @param userId of a key that is made, such as {@code Image Factory <images@example.org>}
 * @param secretKey a given secret key, armored; empty: {@code release-key.secret.asc} in the folder, made on first use
 * @param passphrase file whose first line unlocks the key, and locks one that is made. Without it a made key is protected by
 *     its file mode 0600 alone: a passphrase on the same disk would protect nothing more
 * @param lifetime how long a key that is made is valid
 * @param margin a key that expires within this time is refused, so that nobody is surprised in the middle of a release
 */
public record ReleaseKeyPolicy(
        Path folder,
        String userId,
        Optional<Path> secretKey,
        Optional<Path> passphrase,
        Duration lifetime,
        Duration margin) {

    public static ReleaseKeyPolicy defaults(Path folder) {
        return new ReleaseKeyPolicy(
                folder,
                "Image Factory <image-factory@localhost>",
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(2 * 365),
                Duration.ofDays(14));
    }

    /** The secret key's file. */
    public Path keyFile() {
        return secretKey
                .orElseGet(() -> folder.resolve("release-key.secret.asc"))
                .toAbsolutePath();
    }
}
