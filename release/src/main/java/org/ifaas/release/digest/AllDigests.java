package org.ifaas.release.digest;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;

/** Every digest of one content, in one read. */
public final class AllDigests implements AutoCloseable {
    private final MessageDigest md5 = Algorithm.MD5.start();
    private final MessageDigest sha256 = Algorithm.SHA256.start();
    private final MessageDigest sha512 = Algorithm.SHA512.start();
    // The slowest first: it is given its chunks first.
    private final DigestRing ring = new DigestRing(List.of(md5, sha512, sha256));

    /** Reads a whole file. */
    public static AllDigests of(Path file) throws IOException {
        try (var channel = FileChannel.open(file);
                var all = new AllDigests()) {
            all.ring.updateFrom(channel);
            all.finish();
            return all;
        }
    }

    public void update(byte[] bytes, int from, int length) throws InterruptedIOException {
        ring.update(bytes, from, length);
    }

    public void finish() throws InterruptedIOException {
        ring.finish();
    }

    /** After finishing. */
    public Measured measured() {
        return new Measured(ring.size(), new Digests(hex(md5), hex(sha256), hex(sha512)));
    }

    /** After finishing: the state of SHA-256 after the content, to be continued (OpenPGP appends a trailer of its own). */
    public MessageDigest sha256State() {
        return copy(sha256);
    }

    @Override
    public void close() {
        ring.close();
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(copy(digest).digest());
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException(digest.getAlgorithm() + " of this Java can't be cloned", never);
        }
    }
}
