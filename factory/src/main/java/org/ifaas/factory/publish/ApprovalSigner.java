package org.ifaas.factory.publish;

import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;

/** Signs approvals with the factory's approval key, which is not the release key, and reads its own. */
public interface ApprovalSigner extends ApprovalReader {
    /** The key as it is now; made on first use when none is configured. */
    Signer.Key key() throws StageFailure;

    /** @throws StageFailure blaming the FACTORY when the key can't be used */
    SignedApproval sign(Approval approval) throws StageFailure;
}
