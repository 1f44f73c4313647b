package org.ifaas.release.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelMeasurerTest {
    private final ParallelMeasurer measurer = new ParallelMeasurer();

    @TempDir
    Path folder;

    @AfterEach
    void noThreadStaysBehind() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("digest-"));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, DigestRing.CHUNK_BYTES - 1, DigestRing.CHUNK_BYTES, DigestRing.CHUNK_BYTES + 1, 5_000_001})
    void aFileAndAStreamMeasureAsTheJdkDigestsThem(int size) throws Exception {
        var content = random(size);
        var file = Files.write(folder.resolve("content"), content);
        var to = new ByteArrayOutputStream();

        assertThat(measurer.measure(file)).isEqualTo(expected(content));
        assertThat(measurer.copy(new ByteArrayInputStream(content), to)).isEqualTo(expected(content));
        assertThat(to.toByteArray()).isEqualTo(content);
    }

    @Test
    void writesOfAnySizeMeasureTheSame() throws Exception {
        var content = random(3_000_000);
        var measuring = measurer.into(OutputStream.nullOutputStream());
        var random = new Random(2);
        for (int at = 0; at < content.length; ) {
            var length = Math.min(content.length - at, random.nextInt(70_000));
            measuring.write(content, at, length);
            at += length;
            if (at < content.length) {
                measuring.write(content[at++]);
            }
        }
        measuring.close();
        measuring.close();

        assertThat(measuring.measured()).isEqualTo(expected(content));
    }

    @Test
    void aFullDiskEndsTheThreadsAndLeavesNothingMeasured() {
        var full = new OutputStream() {
            private int room = 5_000_000;

            @Override
            public void write(int one) {
                throw new AssertionError("written one by one");
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                room -= length;
                if (room < 0) {
                    throw new IOException("No space left on device");
                }
            }
        };
        var measuring = measurer.into(full);

        assertThatThrownBy(() -> {
                    try (measuring) {
                        measuring.write(random(4_000_000));
                        measuring.write(random(4_000_000));
                    }
                })
                .hasMessage("No space left on device");
        assertThatThrownBy(measuring::measured).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aStreamThatIsAbandonedAndClosedLeavesNoThread() throws Exception {
        try (var measuring = measurer.into(OutputStream.nullOutputStream())) {
            measuring.write(random(6_000_000));
            assertThatThrownBy(measuring::measured).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInterruptEndsItAndIsKept() throws Exception {
        var measuring = measurer.into(OutputStream.nullOutputStream());
        measuring.write(random(1_000_000));
        Thread.currentThread().interrupt();

        assertThatThrownBy(measuring::close).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(measuring::measured).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMissingFileIsAnError() {
        assertThatThrownBy(() -> measurer.measure(folder.resolve("missing"))).isInstanceOf(IOException.class);
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Measured expected(byte[] content) throws Exception {
        return new Measured(
                content.length, new Digests(hex("MD5", content), hex("SHA-256", content), hex("SHA-512", content)));
    }

    private static String hex(String algorithm, byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    }
}
