package org.ifaas.release.openpgp;

import java.io.IOException;
import java.nio.file.Path;
import org.ifaas.release.file.WholeFile;

/** The public key as customers get it: armored for {@code gpg --import}, and as a keyring for {@code gpgv --keyring}. */
public final class PublicKeyFiles {
    /** A release's own. */
    public static final String KEYRING = SigningKeyPolicy.RELEASE + ".gpg";

    public static final String ARMORED = SigningKeyPolicy.RELEASE + ".asc";

    private PublicKeyFiles() {}

    /** A release's: {@code release-key.asc} and {@code release-key.gpg}. */
    public static void write(Path folder, String armored) throws IOException {
        write(folder, SigningKeyPolicy.RELEASE, armored);
    }

    /** {@code NAME.asc} and {@code NAME.gpg}. */
    static void write(Path folder, String name, String armored) throws IOException {
        WholeFile.write(folder.resolve(name + ".gpg"), Armor.read(armored));
        WholeFile.write(folder.resolve(name + ".asc"), armored);
    }
}
