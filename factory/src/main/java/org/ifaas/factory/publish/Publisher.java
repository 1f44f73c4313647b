package org.ifaas.factory.publish;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.PublicationRequest.State;

/**
 * Decides publication requests and makes approved images public: under their {@code _latest} name, while the one before
 * becomes {@code _prev1} and that {@code _prev2}, hidden, with ids unchanged. Publishing twice is publishing once.
 */
public final class Publisher {
    private static final List<String> SUFFIXES = List.of("_latest", "_prev1", "_prev2");

    private final PublicationRequests requests;
    private final Registries registries;
    private final boolean fourEyes;
    private final Certification certification;
    private final AuditLog audit;
    private final InstantSource clock;

    /** @param fourEyes whether the requester of a build may not approve its publication */
    public Publisher(
            PublicationRequests requests,
            Registries registries,
            boolean fourEyes,
            Certification certification,
            AuditLog audit,
            InstantSource clock) {
        this.requests = requests;
        this.registries = registries;
        this.fourEyes = fourEyes;
        this.certification = certification;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Approves and publishes. One that was approved before, but not published everywhere, is published on.
     *
     * @throws Refused when the request is not in a state to be approved, or not by this person, or the release is not
     *     certified
     */
    public PublicationRequest approve(BuildId id, String by) throws Refused, StageFailure {
        var request = find(id);
        if (request.state() == State.PENDING) {
            if (fourEyes && isTheSame(request.requester(), by)) {
                throw new Refused(
                        "approver",
                        by,
                        "whoever asked for a build can't approve its publication",
                        "Have somebody else approve it.");
            }
            certification.check(request);
            var how = isTheSame(request.requester(), by) ? "self-approved" : "four-eyes";
            audit.record(by, AuditAction.PUBLICATION_APPROVED, id.value(), details(request, "how", how));
            request = requests.decide(id, State.PENDING, State.APPROVED, by, how, null, clock.instant());
        }
        if (request.state() != State.APPROVED) {
            throw new Refused(
                    "request",
                    id.value(),
                    "it is " + request.state() + " already",
                    "Only a PENDING one can be approved.");
        }
        return publish(request);
    }

    /**
     * The author of a commit is known by a mail address and a user by a name: whoever has the name before the @ is taken for
     * the author. That refuses one too many rather than letting one through.
     */
    static boolean isTheSame(String requester, String by) {
        return requester.equalsIgnoreCase(by)
                || requester.contains("@") != by.contains("@")
                        && account(requester).equalsIgnoreCase(account(by));
    }

    private static String account(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
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
        audit.record(by, AuditAction.PUBLICATION_REJECTED, id.value(), details(request, "reason", reason));
        return requests.decide(id, State.PENDING, State.REJECTED, by, null, reason, clock.instant());
    }

    /** Goes on with what a crash interrupted between approval and publication. */
    public void publishApproved() throws StageFailure {
        for (var request : requests.list(State.APPROVED)) {
            publish(request);
        }
    }

    private PublicationRequest publish(PublicationRequest request) throws StageFailure {
        for (var image : request.images()) {
            publish(image, request);
        }
        audit.record(
                String.valueOf(request.decidedBy()),
                AuditAction.PUBLISHED,
                request.id().value(),
                details(request, "as", request.publishAs()));
        return requests.decide(
                request.id(),
                State.APPROVED,
                State.PUBLISHED,
                request.decidedBy(),
                request.how(),
                null,
                clock.instant());
    }

    private static Map<String, String> details(PublicationRequest request, String name, String value) {
        return Map.of("image", request.image(), "serial", request.serial(), "sha256", request.sha256(), name, value);
    }

    /** Oldest first, so that no two images ever have the same name, and a second run finds what the first one left. */
    private void publish(ImageRef image, PublicationRequest request) throws StageFailure {
        var registry = registries.of(image.region());
        var before = before(registry, image, request.publishAs());
        for (int age = before.size(); age >= 1; age--) {
            var older = before.get(age - 1);
            var suffix = age < SUFFIXES.size()
                    ? SUFFIXES.get(age)
                    : "_"
                            + older.properties()
                                    .getOrDefault(
                                            "internal_version", older.ref().id());
            registry.update(older.ref().id(), request.publishAs() + suffix, older.visibility(), true);
        }
        registry.update(image.id(), request.publishAs() + SUFFIXES.getFirst(), "public", false);
    }

    private static List<RegionImage> before(Registry registry, ImageRef image, String publishAs) throws StageFailure {
        var before = new ArrayList<RegionImage>();
        for (var suffix : SUFFIXES) {
            var named = new ArrayList<>(registry.named(publishAs + suffix));
            named.sort(Comparator.comparing(RegionImage::created).reversed());
            before.addAll(named);
        }
        before.removeIf(older -> older.ref().equals(image));
        return before;
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
