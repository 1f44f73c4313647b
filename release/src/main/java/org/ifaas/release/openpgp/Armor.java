package org.ifaas.release.openpgp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.bcpg.ArmoredInputStream;
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

    static byte[] read(String armored) throws IOException {
        var bytes = new ByteArrayInputStream(armored.getBytes(StandardCharsets.US_ASCII));
        try (var packets = new ArmoredInputStream(bytes)) {
            return packets.readAllBytes();
        }
    }
}
