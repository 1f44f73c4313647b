package org.ifaas.factory.publish;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Sha256;

/** Makes approvals of what the factory knows, and says whether one still stands. */
public final class Approvals {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PublicationRequests requests;
    private final Journal journal;
    private final ApprovalSigner signer;
    private final PublicationPolicy policy;
    private final InstantSource clock;

    public Approvals(
            PublicationRequests requests,
            Journal journal,
            ApprovalSigner signer,
            PublicationPolicy policy,
            InstantSource clock) {
        this.requests = requests;
        this.journal = journal;
        this.signer = signer;
        this.policy = policy;
        this.clock = clock;
    }

    /** Whether the operators' policy approves it. */
    boolean byPolicy(PublicationRequest request) {
        return journal.find(request.id())
                .filter(build -> policy.approves(build, journal.facts(build.id())))
                .filter(build -> requests.needsNoPerson(request, policy.byPolicy()))
                .isPresent();
    }

    /** @param without regions that are left out, by name */
    SignedApproval issue(PublicationRequest request, String approver, String how, List<String> without)
            throws NotApproved, StageFailure {
        if (asksAgain(request.id())) {
            throw new NotApproved(
                    "its build was retried, and has not asked for publication again",
                    "Wait until its stage 13 is done; 'ifaas show " + request.id() + "' says how far it is.");
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        return signer.sign(new Approval(
                request.id(),
                request.image(),
                request.serial(),
                request.publishAs(),
                release(request.id()),
                request.sha256(),
                request.imagesWithout(without),
                without,
                journal.facts(request.id())
                        .find(Inputs.class)
                        .map(inputs -> inputs.definition().visiblePrevious())
                        .orElse(0),
                request.requester(),
                approver,
                how,
                now,
                now.plus(policy.approvalValid()),
                HexFormat.of().formatHex(nonce)));
    }

    /**
     * The request's approval, when it can be acted on.
     *
     * @throws NotApproved when there is none, its time is over, a newer one of the same name came first, or what it speaks of
     *     is no longer as it was
     */
    Approval standing(PublicationRequest request) throws NotApproved, StageFailure {
        var signed = request.approval();
        if (signed == null) {
            throw new NotApproved("an older factory has approved it, without a signature", NotApproved.ANEW);
        }
        var approval = signer.open(signed.envelope());
        approval.standsAt(clock.instant());
        approval.speaksOf(request);
        if (!approval.release().equals(release(request.id()))) {
            throw new NotApproved("its release was sealed anew since the approval", NotApproved.ANEW);
        }
        var newest = requests.newestPublic(request.publishAs()).orElse(null);
        if (newest != null
                && newest.decided() != null
                && !newest.id().equals(request.id())
                && newest.decided().isAfter(approval.issued())) {
            throw new NotApproved(
                    "build %s has become public under that name, by a newer approval".formatted(newest.id()),
                    "To put this one in its place, have it approved again: 'ifaas approve BUILD'.");
        }
        return approval;
    }

    /**
     * What a retry has made of what was approved.
     *
     * @param what is asked for now, as a digest
     * @param why in words, before who approved
     */
    record Changed(String what, String why) {}

    /** Not while a retry has still to say what it asks to publish, nor where somebody else has changed the request. */
    Optional<Changed> changed(PublicationRequest request) throws StageFailure {
        var signed = request.approval();
        if (signed == null || asksAgain(request.id())) {
            return Optional.empty();
        }
        try {
            var approval = signer.open(signed.envelope());
            var facts = journal.facts(request.id());
            var release = facts.find(ReleaseSealed.class)
                    .map(ReleaseSealed::checksumsSha256)
                    .orElse(approval.release());
            if (!release.equals(approval.release())) {
                return Optional.of(new Changed(release, "its release was sealed anew"));
            }
            var images = ImageRef.of(facts);
            var others = new ArrayList<>(images);
            others.removeAll(approval.images());
            others.removeIf(image -> approval.without().contains(image.region()));
            if (others.isEmpty() || !images.equals(request.images())) {
                return Optional.empty();
            }
            var regions = others.stream().map(ImageRef::region).collect(Collectors.joining(", "));
            return Optional.of(new Changed(Sha256.of(release + images), "it has another copy in " + regions));
        } catch (NotApproved forged) {
            return Optional.empty(); // each region says so
        }
    }

    private boolean asksAgain(BuildId id) {
        return !journal.facts(id).has(PublicationRequested.class)
                && journal.find(id).filter(build -> build.attempt() > 1).isPresent();
    }

    /** SHA-256 of the files that are the approved image, by disk format. */
    Map<String, String> files(Approval approval) {
        var files = new TreeMap<>(Map.of(DiskFormat.QCOW2.word(), approval.sha256()));
        for (var converted : Converted.of(journal.facts(approval.request()))) {
            files.put(converted.format().word(), converted.measured().digests().sha256());
        }
        return files;
    }

    private String release(BuildId build) throws NotApproved {
        return journal.facts(build)
                .find(ReleaseSealed.class)
                .map(ReleaseSealed::checksumsSha256)
                .orElseThrow(() -> new NotApproved(
                        "its release is not sealed", "Seal it: 'ifaas retry " + build + "' makes what is missing."));
    }
}
