package org.ifaas.release.openpgp;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.digest.Algorithm;
import org.ifaas.release.digest.AllDigests;
import org.ifaas.release.digest.DigestRing;
import org.ifaas.release.file.WholeFile;

/**
 * Signs with a key on the factory's own disk. The signature shares the SHA-256 of the read by which the content is measured
 * or compared.
 */
public final class OpenPgpSigner implements Signer {
    private final SigningKeyPolicy policy;
    private final InstantSource clock;
    private final KeyFile file;

    public OpenPgpSigner(SigningKeyPolicy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
        this.file = new KeyFile(policy);
    }

    @Override
    public Key usableKey() throws StageFailure {
        return key(policy.margin()).described();
    }

    @Override
    public void sign(Path content, Measured expected) throws StageFailure, IOException {
        var key = key(Duration.ZERO);
        var sha256 = Algorithm.SHA256.start();
        try (var channel = FileChannel.open(content);
                var ring = new DigestRing(List.of(sha256))) {
            ring.updateFrom(channel);
            ring.finish();
            var found = digestSoFar(sha256);
            if (ring.size() != expected.size()
                    || !found.equals(expected.digests().sha256())) {
                throw NotAsMeasured.failure(content, expected, ring.size(), found);
            }
        }
        write(content, key, sha256);
    }

    @Override
    public Measured sign(Path content) throws StageFailure, IOException {
        var key = key(Duration.ZERO);
        var digests = AllDigests.of(content);
        write(content, key, digests.sha256State());
        return digests.measured();
    }

    @Override
    public String signature(byte[] content) throws StageFailure, IOException {
        var sha256 = Algorithm.SHA256.start();
        sha256.update(content);
        return new String(key(Duration.ZERO).sign(sha256, clock.instant()), StandardCharsets.US_ASCII);
    }

    /** A build that began with a key outside the margin may end with it. */
    private ReleaseKey key(Duration margin) throws StageFailure {
        var now = clock.instant();
        return new KeyCheck(policy.keyFile(), file.read(now), now).usable(margin, file.passphrase());
    }

    private void write(Path content, ReleaseKey key, MessageDigest sha256) throws IOException {
        var signature = key.sign(sha256, clock.instant());
        WholeFile.write(content.resolveSibling(content.getFileName() + ".asc"), signature);
    }

    private static String digestSoFar(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException(never);
        }
    }
}
