package org.ifaas.release.approval;

import java.time.InstantSource;
import org.ifaas.factory.publish.Approval;
import org.ifaas.factory.publish.ApprovalReader;
import org.ifaas.factory.publish.NotApproved;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.NotSigned;
import org.ifaas.release.openpgp.PinnedKeys;

/** Approvals by a pinned key. */
public record PinnedApprovals(PinnedKeys keys, InstantSource clock) implements ApprovalReader {
    @Override
    public Approval open(String envelope) throws NotApproved {
        try {
            return Statement.read(Envelope.open(envelope, keys, clock.instant()).statement());
        } catch (NotSigned e) {
            throw new NotApproved(
                    "the approval is not signed by the pinned approval key: " + e.getMessage(),
                    "Compare the fingerprint: 'ifaas doctor' on the factory says the one of its approval key.");
        } catch (IllegalArgumentException e) {
            throw new NotApproved(
                    "the approval can't be read: " + e.getMessage(),
                    "Let factory and publisher be of the same release, then have it approved again.");
        }
    }
}
