package org.ifaas.factory.publish;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.schedule.Schedule;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides publication requests, makes approved images public in the factory's own regions, and hears from the publishers of
 * the others. In no region does an image get its public name before every region of its approval has verified its own.
 */
public final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    /** Who does what nobody has asked for, in the audit log. */
    public static final String FACTORY = "factory";

    private final PublicationRequests requests;
    private final Approvals approvals;
    private final Certification certification;
    private final OwnRegions own;
    private final PublicationPolicy policy;
    private final AuditLog audit;
    private final InstantSource clock;
    /** A node publishes one at a time, so that holding a request takes one connection of the database. */
    private final ReentrantLock publishing = new ReentrantLock();

    public Publisher(
            PublicationRequests requests,
            Approvals approvals,
            Certification certification,
            OwnRegions own,
            PublicationPolicy policy,
            AuditLog audit,
            InstantSource clock) {
        this.requests = requests;
        this.approvals = approvals;
        this.certification = certification;
        this.own = own;
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Approves, and publishes as far as it can be done at once: what a region has against it is in the answer. One that was
     * approved before is published on; where a region has refused it, its approval stands no longer or names other regions, it
     * is approved anew. One that is PUBLISHED can be approved for a region that was left out.
     *
     * @param decides about which images this person decides: the public name of any other is not given away
     * @param sha256 digest of the image that was looked at; null where nobody says
     * @param without regions that are left out: none of the others waits for them, and the image stays private there
     * @throws Refused when the request is not in a state to be approved, or not by this person, is about another image by
     *     now, or the release is not certified
     * @throws StageFailure blaming the FACTORY when the approval can't be signed
     */
    public PublicationRequest approve(
            BuildId id, Person by, ImagePatterns decides, @Nullable String sha256, Collection<String> without)
            throws Refused, StageFailure {
        var request = find(id);
        if (sha256 != null && !sha256.equals(request.sha256())) {
            throw new Refused(
                    "sha256",
                    sha256,
                    "the build has another image by now, " + request.sha256(),
                    "Look at that one, then approve it.");
        }
        var leftOut = leftOut(request, without);
        if (request.state() == State.REJECTED || request.state() == State.PUBLISHED && !addsTo(request, leftOut)) {
            throw new Refused(
                    "request",
                    id.value(),
                    "it is " + request.state() + " already",
                    "Only a PENDING one can be approved.");
        }
        boolean asBefore = request.leftOut().equals(leftOut);
        return publish(asBefore && !needsApproval(request) ? request : approved(request, by, decides, leftOut));
    }

    private static List<String> leftOut(PublicationRequest request, Collection<String> without) throws Refused {
        var regions = request.images().stream().map(ImageRef::region).toList();
        for (var region : without) {
            if (!regions.contains(region)) {
                throw new Refused(
                        "without",
                        region,
                        "the request has no image in such a region",
                        "Choose among " + String.join(", ", regions) + ".");
            }
        }
        if (!without.isEmpty() && without.containsAll(regions)) {
            throw new Refused(
                    "without",
                    String.join(", ", without),
                    "leaves out all regions of the request",
                    "Leave out fewer, or reject it.");
        }
        return without.stream().distinct().sorted().toList();
    }

    private static boolean addsTo(PublicationRequest published, List<String> leftOut) {
        return published.leftOut().containsAll(leftOut) && !leftOut.containsAll(published.leftOut());
    }

    /** The same by somebody who decides about all images, and of whom no mail address is known. */
    public PublicationRequest approve(BuildId id, String by) throws Refused, StageFailure {
        return approve(id, new Person(by), ImagePatterns.ALL, null, List.of());
    }

    private PublicationRequest approved(
            PublicationRequest request, Person person, ImagePatterns decides, List<String> without)
            throws Refused, StageFailure {
        var by = person.name();
        boolean same = person.is(request.requester());
        if (policy.fourEyes() && same) {
            boolean nobodyKnown = request.requester().equals(Schedule.REQUESTER);
            throw new Refused(
                    "approver",
                    by,
                    nobodyKnown
                            ? "a schedule asked for the build, and the author of its commit is not known"
                            : "whoever asked for a build can't approve its publication",
                    nobodyKnown
                            ? "Build it by hand, and have somebody else approve that."
                            : "Have somebody else approve it.");
        }
        if (!requests.mayHaveItsName(request, decides)) {
            throw new Refused(
                    "publish_as",
                    request.publishAs(),
                    "is the name of another image, about which " + by + " does not decide",
                    "Give this one a name of its own in image.yaml, or have somebody approve it who decides about both.");
        }
        return approved(request, by, same ? Approval.SELF_APPROVED : Approval.FOUR_EYES, without);
    }

    private PublicationRequest approved(PublicationRequest request, String by, String how, List<String> without)
            throws Refused, StageFailure {
        certification.check(request);
        try {
            var approval = approvals.issue(request, by, how, without);
            var details = new TreeMap<>(details(request, "how", how));
            if (!without.isEmpty()) {
                details.put("without", String.join(", ", without));
            }
            return decided(
                    by,
                    AuditAction.PUBLICATION_APPROVED,
                    details,
                    request,
                    () -> requests.approve(request.id(), approval, by, how));
        } catch (NotApproved e) {
            throw new Refused("request", request.id().value(), e.getMessage(), e.mend());
        }
    }

    /** Approves what the operators' policy names; what still has to be certified waits for that. */
    public void approveByPolicy() throws StageFailure {
        if (policy.byPolicy().globs().isEmpty()) {
            return;
        }
        var named = RequestSelection.ALL.in(State.PENDING).among(policy.byPolicy());
        for (var request : requests.list(named, Integer.MAX_VALUE).reversed()) {
            if (approvals.byPolicy(request)) {
                try {
                    approved(request, PublicationPolicy.APPROVER, Approval.BY_POLICY, List.of());
                } catch (Refused notYet) {
                    LOG.debug("build {} is not approved by policy: {}", request.id(), notYet.getMessage());
                }
            }
        }
    }

    private boolean needsApproval(PublicationRequest request) throws StageFailure {
        if (request.state() == State.PENDING
                || request.regions().stream().anyMatch(region -> region.state() == RegionState.FAILED)) {
            return true;
        }
        try {
            approvals.standing(request);
            return false;
        } catch (NotApproved e) {
            return true;
        }
    }

    public PublicationRequest reject(BuildId id, String by, String reason) throws Refused {
        var request = find(id);
        if (request.state() != State.PENDING) {
            throw new Refused(
                    "request",
                    id.value(),
                    "it is " + request.state() + " already",
                    "Only a PENDING one can be rejected.");
        }
        return decided(
                by,
                AuditAction.PUBLICATION_REJECTED,
                details(request, "reason", reason),
                request,
                () -> requests.decide(id, State.PENDING, State.REJECTED, by, null, reason, clock.instant()));
    }

    /** Of two that decide at the same time one is too late, and has decided nothing. */
    private PublicationRequest decided(
            String by,
            AuditAction action,
            Map<String, String> details,
            PublicationRequest request,
            Supplier<PublicationRequest> effect)
            throws Refused {
        try {
            return audit.record(by, action, request.id().value(), details, effect);
        } catch (IllegalStateException tooLate) {
            throw new Refused(
                    "request",
                    request.id().value(),
                    "somebody was faster: it is " + find(request.id()).state() + " by now",
                    "Look at it again.");
        }
    }

    /** Goes on with what waits for other regions, has failed in one, or was interrupted by a crash. */
    public void publishApproved() throws StageFailure {
        for (var request : approvedOldestFirst()) {
            if (!voided(request)) {
                publish(request.approval() == null ? signed(request) : request);
            }
        }
    }

    /** A retry has made something else of what was approved: it waits again for somebody, who hears of it. */
    private boolean voided(PublicationRequest request) throws StageFailure {
        var changed = approvals.changed(request);
        if (changed.isEmpty()) {
            return false;
        }
        var why = "%s since %s approved it".formatted(changed.get().why(), request.decidedBy());
        var nonce = Objects.requireNonNull(request.approval()).nonce();
        try {
            audit.record(
                    FACTORY,
                    AuditAction.APPROVAL_VOIDED,
                    request.id().value(),
                    details(request, "why", why),
                    () -> requests.reopen(request.id(), nonce, changed.get().what(), why, clock.instant()));
        } catch (IllegalStateException decided) {
            LOG.info("build {}: somebody was faster: {}", request.id(), decided.getMessage());
        }
        return true;
    }

    /** An older factory has approved it and did not get to its end. */
    private PublicationRequest signed(PublicationRequest request) throws StageFailure {
        var by = String.valueOf(request.decidedBy());
        var how = Objects.requireNonNullElse(request.how(), Approval.SELF_APPROVED);
        try {
            return requests.approve(request.id(), approvals.issue(request, by, how, List.of()), by, how);
        } catch (NotApproved unsealed) {
            return request; // it stays as it is, and waits for somebody who approves it anew
        }
    }

    private List<PublicationRequest> approvedOldestFirst() {
        return requests.list(RequestSelection.ALL.in(State.APPROVED), Integer.MAX_VALUE).stream()
                .sorted(Comparator.comparing(request -> Objects.requireNonNullElse(request.decided(), Instant.EPOCH)))
                .toList();
    }

    /**
     * What that region's publisher has to do, oldest approval first.
     *
     * @throws Refused when the factory publishes there itself, or there is no such region
     */
    public List<PublicationRequest> waiting(String region) throws Refused {
        checkNotOwn(region);
        if (!own.all().contains(region)) {
            throw new Refused(
                    "region",
                    region,
                    "is no region of this factory",
                    "Choose among " + String.join(", ", own.all()) + ".");
        }
        return approvedOldestFirst().stream()
                .filter(request -> request.in(region)
                        .filter(one -> one.state() != RegionState.PUBLISHED)
                        .isPresent())
                .toList();
    }

    /**
     * Takes down what that region's publisher says.
     *
     * @param nonce of the approval by which it was done
     * @throws Refused when it is not about what is approved now
     */
    public PublicationRequest report(
            BuildId id, String nonce, String region, RegionState state, @Nullable String reason) throws Refused {
        checkNotOwn(region);
        var request = find(id);
        var approval = request.approval();
        if (approval == null || !approval.nonce().equals(nonce)) {
            throw new Refused(
                    "nonce", nonce, "that is not the request's approval", "Ask again what waits for the region.");
        }
        if (request.in(region).isEmpty()) {
            throw new Refused(
                    "region", region, "the request is not for that region", "Ask again what waits for the region.");
        }
        if (request.state() != State.APPROVED) {
            return request;
        }
        return ended(requests.region(id, nonce, region, state, reason, clock.instant()));
    }

    private void checkNotOwn(String region) throws Refused {
        if (own.has(region)) {
            throw new Refused(
                    "region",
                    region,
                    "the factory publishes there itself",
                    "Say published_by: publisher for it in ifaas.yaml, or stop the publisher.");
        }
    }

    private PublicationRequest publish(PublicationRequest request) throws StageFailure {
        publishing.lock();
        try (var _ = requests.hold(request.id())) {
            var now = requests.find(request.id()).orElse(request);
            return now.state() == State.APPROVED ? ended(inOwnRegions(now)) : now;
        } catch (Overtaken e) {
            LOG.info("build {}: {}", request.id(), e.getMessage());
            return requests.find(request.id()).orElse(request);
        } finally {
            publishing.unlock();
        }
    }

    /** What is published by an approval that is no longer the request's comes to nothing: the next round goes by the new one. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken(IllegalStateException e) {
            super(e.getMessage(), e);
        }
    }

    private PublicationRequest inOwnRegions(PublicationRequest request) throws StageFailure {
        Approval approval;
        try {
            approval = approvals.standing(request);
        } catch (NotApproved e) {
            return eachOwn(request, RegionState.FAILED, region -> {
                throw e;
            });
        }
        var read = new HashSet<String>();
        Step verify = region -> {
            own.publisher(region).verify(approval, approvals.files(approval));
            read.add(region);
        };
        var now = eachOwn(request, RegionState.VERIFIED, verify);
        if (now.verifiedEverywhere()) {
            // One that was read in an earlier round is read again before any is published.
            now = eachOwn(now, RegionState.VERIFIED, region -> {
                if (!read.contains(region)) {
                    verify.in(region);
                }
            });
        }
        return now.verifiedEverywhere()
                ? eachOwn(
                        now,
                        RegionState.PUBLISHED,
                        region -> own.publisher(region).publish(approval))
                : now;
    }

    private interface Step {
        void in(String region) throws NotApproved, StageFailure;
    }

    private PublicationRequest eachOwn(PublicationRequest request, RegionState then, Step step) {
        var now = request;
        for (var one : request.regions()) {
            if (own.has(one.region()) && isDue(one, request.verifiedEverywhere())) {
                now = tried(now, one.region(), then, step);
            }
        }
        return now;
    }

    /** One that is verified has nothing to do before all are; one that has failed rests for a while. */
    private boolean isDue(RegionPublication one, boolean allVerified) {
        return switch (one.state()) {
            case WAITING -> true;
            case VERIFIED -> allVerified;
            case PUBLISHED -> false;
            case FAILED -> !clock.instant().isBefore(one.changed().plus(policy.retry()));
        };
    }

    private PublicationRequest tried(PublicationRequest request, String region, RegionState then, Step step) {
        String failure = null;
        try {
            step.in(region);
        } catch (NotApproved e) {
            failure = e.getMessage() + ". " + e.mend();
        } catch (StageFailure e) {
            failure = e.getMessage() + ". " + e.mend();
        }
        var nonce = Objects.requireNonNull(request.approval()).nonce();
        var state = failure == null ? then : RegionState.FAILED;
        try {
            return requests.region(request.id(), nonce, region, state, failure, clock.instant());
        } catch (IllegalStateException e) {
            throw new Overtaken(e);
        }
    }

    private PublicationRequest ended(PublicationRequest request) {
        if (request.state() != State.APPROVED || !request.publishedEverywhere()) {
            return request;
        }
        try {
            return audit.record(
                    String.valueOf(request.decidedBy()),
                    AuditAction.PUBLISHED,
                    request.id().value(),
                    details(request, "as", request.publishAs()),
                    () -> requests.decide(
                            request.id(), State.APPROVED, State.PUBLISHED, null, null, null, clock.instant()));
        } catch (IllegalStateException ended) {
            return requests.find(request.id()).orElse(request);
        }
    }

    private static Map<String, String> details(PublicationRequest request, String name, String value) {
        return Map.of("image", request.image(), "serial", request.serial(), "sha256", request.sha256(), name, value);
    }

    private PublicationRequest find(BuildId id) throws Refused {
        return requests.find(id)
                .orElseThrow(() -> new Refused(
                        "request",
                        id.value(),
                        "this build has no publication request",
                        "'ifaas requests' lists them."));
    }

    /** A decision that can't be taken. */
    public static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final String field;
        private final String value;
        private final String mend;

        Refused(String field, String value, String message, String mend) {
            super(message);
            this.field = field;
            this.value = value;
            this.mend = mend;
        }

        public String field() {
            return field;
        }

        public String value() {
            return value;
        }

        public String mend() {
            return mend;
        }
    }
}
