package org.ifaas.factory.publish;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ifaas.factory.signing.Signer;

/** Signs nothing, and knows again what it has made. */
public final class PlainApprovals implements ApprovalSigner {
    private final Map<String, Approval> made = new LinkedHashMap<>();

    @Override
    public Signer.Key key() {
        return new Signer.Key("A".repeat(40), "Nobody", "", "never");
    }

    @Override
    public SignedApproval sign(Approval approval) {
        made.put(approval.toString(), approval);
        return new SignedApproval(
                approval.toString(),
                "A".repeat(40),
                approval.issued(),
                approval.expires(),
                approval.nonce(),
                approval.without());
    }

    @Override
    public Approval open(String envelope) throws NotApproved {
        var approval = made.get(envelope);
        if (approval == null) {
            throw new NotApproved("the approval is not signed by the pinned key", "Look who has made it.");
        }
        return approval;
    }
}
