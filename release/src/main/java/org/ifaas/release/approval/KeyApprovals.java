package org.ifaas.release.approval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.Approval;
import org.ifaas.factory.publish.ApprovalSigner;
import org.ifaas.factory.publish.NotApproved;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.PinnedKeys;

/**
 * Approvals by the factory's approval key, in the form of the provenance: an in-toto statement in a DSSE envelope, signed by
 * OpenPGP.
 */
public record KeyApprovals(Signer signer, InstantSource clock) implements ApprovalSigner {
    @Override
    public Signer.Key key() throws StageFailure {
        return signer.usableKey();
    }

    @Override
    public SignedApproval sign(Approval approval) throws StageFailure {
        try {
            var key = signer.usableKey();
            var envelope = new Envelope(Statement.of(approval)).sign(signer, key.fingerprint());
            return new SignedApproval(
                    envelope,
                    key.fingerprint(),
                    approval.issued(),
                    approval.expires(),
                    approval.nonce(),
                    approval.without());
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    @Override
    public Approval open(String envelope) throws NotApproved, StageFailure {
        try {
            var keys = PinnedKeys.of(signer.usableKey().armored().getBytes(StandardCharsets.US_ASCII));
            return new PinnedApprovals(keys, clock).open(envelope);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    private static StageFailure trouble(IOException e) {
        return new StageFailure(
                Blame.FACTORY,
                "the approval key can't be used: " + e.getMessage(),
                "Look at approval_key in ifaas.yaml; 'ifaas doctor' tries the key.",
                e);
    }
}
