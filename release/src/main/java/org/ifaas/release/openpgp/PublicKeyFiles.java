package org.ifaas.release.openpgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.ifaas.release.file.WholeFile;

/** The public key as customers get it: armored for {@code gpg --import}, and as a keyring for {@code gpgv --keyring}. */
public final class PublicKeyFiles {
    public static final String ARMORED = "release-key.asc";
    public static final String KEYRING = "release-key.gpg";

    private PublicKeyFiles() {}

    public static void write(Path folder, String armored) throws IOException {
        var bytes = armored.getBytes(StandardCharsets.US_ASCII);
        try (var binary = new ArmoredInputStream(new ByteArrayInputStream(bytes))) {
            WholeFile.write(folder.resolve(KEYRING), binary.readAllBytes());
        }
        WholeFile.write(folder.resolve(ARMORED), bytes);
    }
}
