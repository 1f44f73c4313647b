package org.ifaas.factory.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.signing.Measurer;

/** Measures small contents in memory. */
public final class PlainMeasurer implements Measurer {
    @Override
    public Measured measure(Path file) throws IOException {
        return of(Files.readAllBytes(file));
    }

    public static Measured of(byte[] content) {
        return new Measured(
                content.length,
                new Digests(
                        RegistryContract.hex("MD5", content),
                        RegistryContract.hex("SHA-256", content),
                        RegistryContract.hex("SHA-512", content)));
    }

    @Override
    public Measuring into(OutputStream to) {
        var seen = new ByteArrayOutputStream();
        return new Measuring() {
            @Override
            public void write(int one) throws IOException {
                seen.write(one);
                to.write(one);
            }

            @Override
            public Measured measured() {
                return of(seen.toByteArray());
            }
        };
    }
}
