package org.ifaas.factory.publish;

import org.ifaas.factory.pipeline.StageFailure;

/** Reads approvals, and lets those pass that the right key has signed. */
public interface ApprovalReader {
    /**
     * @param envelope as in {@link SignedApproval}
     * @throws NotApproved when another key has signed it, or nobody has signed it as it is
     * @throws StageFailure blaming the FACTORY when its own key can't be used
     */
    Approval open(String envelope) throws NotApproved, StageFailure;
}
