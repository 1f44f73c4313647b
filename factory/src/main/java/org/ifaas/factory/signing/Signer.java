package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;

/** Signs with the factory's OpenPGP release key, which never leaves the factory. */
public interface Signer {
    /**
     * The key as it is now; made on first use when none is configured.
     *
     * @throws StageFailure blaming the FACTORY when it is locked, expired, revoked or about to expire within the configured
     *     time
     */
    Key usableKey() throws StageFailure;

    /**
     * Writes a detached armored signature beside the file, with {@code .asc} appended. Reads the file once, compares it with
     * what was measured and signs that very content.
     *
     * @throws StageFailure blaming the FACTORY when the content differs
     */
    void sign(Path file, Measured expected) throws StageFailure, IOException;

    /** The same for a small file that was not measured before; returns what it measured. */
    Measured sign(Path file) throws StageFailure, IOException;

    /** A detached signature of a short content, armored. */
    String signature(byte[] content) throws StageFailure, IOException;

    /**
     * @param fingerprint 40 or 64 hexadecimal digits
     * @param userId such as {@code Image Factory <images@example.org>}
     * @param armored the public key, armored
     * @param expires ISO date, or {@code never}
     */
    record Key(String fingerprint, String userId, String armored, String expires) {}
}
