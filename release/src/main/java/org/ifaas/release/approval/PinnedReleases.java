package org.ifaas.release.approval;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.ifaas.factory.publish.Conversion;
import org.ifaas.factory.publish.NotApproved;
import org.ifaas.factory.publish.ReleaseReader;
import org.ifaas.release.attest.ConversionStatement;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.NotSigned;
import org.ifaas.release.openpgp.PinnedKeys;

/** Releases that a pinned key has sealed. */
public record PinnedReleases(PinnedKeys keys, InstantSource clock) implements ReleaseReader {
    private static final String COMPARE =
            "Compare the fingerprint: 'ifaas doctor' on the factory says the one of its signing key.";

    @Override
    public void check(String checksums, String signature) throws NotApproved {
        try {
            keys.check(
                    signature.getBytes(StandardCharsets.UTF_8),
                    checksums.getBytes(StandardCharsets.UTF_8),
                    clock.instant());
        } catch (NotSigned e) {
            throw new NotApproved(
                    "the release's SHA256SUMS is not signed by the pinned release key: " + e.getMessage(), COMPARE);
        }
    }

    @Override
    public Conversion conversion(String envelope) throws NotApproved {
        try {
            return ConversionStatement.read(
                    Envelope.open(envelope, keys, clock.instant()).statement());
        } catch (NotSigned e) {
            throw new NotApproved(
                    "a statement beside the release is not signed by the pinned release key: " + e.getMessage(),
                    COMPARE);
        } catch (IllegalArgumentException e) {
            throw new NotApproved(
                    "a statement beside the release can't be used: " + e.getMessage(),
                    "Let factory and publisher be of the same release; 'ifaas resign RELEASE' signs it anew.");
        }
    }
}
