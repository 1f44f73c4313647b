package org.ifaas.release.openpgp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which key signs releases or approvals, and how long one is used.
 *
 * @param name of the files of a key that is made: {@link #RELEASE} or {@link #APPROVAL}
 * @param folder where a key is made when none is given, mode 0700; the public key lies there too
 * @param userId of a key that is made, such as {@code Image Factory <images@example.org>}
 * @param secretKey a given secret key, armored; empty: {@code NAME.secret.asc} in the folder, made on first use
 * @param passphrase file whose first line unlocks the key, and locks one that is made. Without it a made key is protected by
 *     its file mode 0600 alone: a passphrase on the same disk would protect nothing more
 * @param lifetime how long a key that is made is valid
 * @param margin a key that expires within this time is refused, so that nobody is surprised in the middle of a release
 */
public record SigningKeyPolicy(
        String name,
        Path folder,
        String userId,
        Optional<Path> secretKey,
        Optional<Path> passphrase,
        Duration lifetime,
        Duration margin) {
    public static final String RELEASE = "release-key";
    public static final String APPROVAL = "approval-key";

    public static SigningKeyPolicy defaults(Path folder) {
        return new SigningKeyPolicy(
                RELEASE,
                folder,
                "Image Factory <image-factory@localhost>",
                Optional.empty(),
                Optional.empty(),
                Duration.ofDays(2 * 365),
                Duration.ofDays(14));
    }

    /** The secret key's file. */
    public Path keyFile() {
        return secretKey.orElseGet(() -> folder.resolve(name + ".secret.asc")).toAbsolutePath();
    }
}
