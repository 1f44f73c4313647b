package org.ifaas.release.openpgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.bouncycastle.bcpg.ArmoredOutputStream;

/** ASCII armor without a version line, which would only say what we run. */
final class Armor {
    private Armor() {}

    static byte[] of(byte[] packets) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var armored =
                ArmoredOutputStream.builder().clearHeaders().enableCRC(true).build(bytes)) {
            armored.write(packets);
        }
        return bytes.toByteArray();
    }
}
