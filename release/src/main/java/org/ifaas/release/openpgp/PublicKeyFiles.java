package org.ifaas.release.openpgp;

import java.io.IOException;
import java.nio.file.Path;
import org.ifaas.release.file.WholeFile;

/** The public key as customers get it: armored for {@code gpg --import}, and as a keyring for {@code gpgv --keyring}. */
public final class PublicKeyFiles {
    public static final String ARMORED = "release-key.asc";
    public static final String KEYRING = "release-key.gpg";

    private PublicKeyFiles() {}

    public static void write(Path folder, String armored) throws IOException {
        WholeFile.write(folder.resolve(KEYRING), Armor.read(armored));
        WholeFile.write(folder.resolve(ARMORED), armored);
    }
}
