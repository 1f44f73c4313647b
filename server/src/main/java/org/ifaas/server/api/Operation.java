package org.ifaas.server.api;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;

/** All operations of the REST interface, named as openapi.yaml does, and the right that each needs: what is not here is not there. */
public enum Operation {
    LIST_IMAGES("GET", "/images", Right.SEE),
    LIST_BUILDS("GET", "/builds", Right.SEE),
    REQUEST_BUILD("POST", "/builds", Right.BUILD),
    SHOW_BUILD("GET", "/builds/{id}", Right.SEE),
    FOLLOW_BUILD("GET", "/builds/{id}/events", Right.SEE),
    READ_LOG("GET", "/builds/{id}/logs/{stage}", Right.SEE),
    FOLLOW_LOG("GET", "/builds/{id}/logs/{stage}/events", Right.SEE),
    CANCEL_BUILD("POST", "/builds/{id}/cancel", Right.BUILD),
    RETRY_BUILD("POST", "/builds/{id}/retry", Right.BUILD),
    COMPARE_BUILDS("GET", "/builds/{id}/difference/{other}", Right.SEE),
    LIST_ARTIFACTS("GET", "/builds/{id}/artifacts", Right.SEE),
    DOWNLOAD_ARTIFACT("GET", "/builds/{id}/artifact", Right.SEE),
    KEEP_HOST("POST", "/builds/{id}/keep-host", Right.OPERATE),
    LIST_HOSTS("GET", "/hosts", Right.SEE),
    DESTROY_HOST("DELETE", "/hosts/{host}", Right.OPERATE),
    LIST_REGIONS("GET", "/regions", Right.SEE_FACTORY),
    LIST_RELEASES("GET", "/releases", Right.SEE),
    VERIFY_RELEASE("POST", "/releases/{image}/{serial}/verify", Right.SEE),
    RESIGN_RELEASE("POST", "/releases/{image}/{serial}/resign", Right.CERTIFY),
    LIST_REQUESTS("GET", "/requests", Right.SEE),
    APPROVE_REQUEST("POST", "/requests/{build}/approve", Right.DECIDE),
    REJECT_REQUEST("POST", "/requests/{build}/reject", Right.DECIDE),
    LIST_PUBLICATIONS("GET", "/publications", Right.PUBLISH_IN_REGION),
    REPORT_PUBLICATION("POST", "/publications/{build}", Right.PUBLISH_IN_REGION),
    SHOW_CERTIFICATION("GET", "/certification/{build}", Right.SEE),
    CERTIFY("POST", "/certification/{build}/{step}", Right.CERTIFY),
    LIST_SCHEDULES("GET", "/schedules", Right.SEE),
    PAUSE_SCHEDULE("POST", "/schedules/{image}/pause", Right.OPERATE),
    RESUME_SCHEDULE("POST", "/schedules/{image}/resume", Right.OPERATE),
    SHOW_STATISTICS("GET", "/statistics", Right.SEE),
    DOWNLOAD_STATISTICS("GET", "/statistics/csv", Right.SEE),
    FIND_CONSOLE("GET", "/console", Right.SEE),
    MAKE_PASSWORD("POST", "/console/password", Right.ADMINISTER),
    LIST_TOKENS("GET", "/tokens", Right.ADMINISTER),
    CREATE_TOKEN("POST", "/tokens", Right.ADMINISTER),
    REVOKE_TOKEN("DELETE", "/tokens/{name}", Right.ADMINISTER),
    LIST_AUDIT("GET", "/audit", Right.INSPECT),
    VERIFY_AUDIT("GET", "/audit/verify", Right.INSPECT),
    SHOW_METRICS("GET", "/metrics", Right.SEE_FACTORY),
    SHOW_STATUS("GET", "/status", Right.SEE_FACTORY),
    EXAMINE("GET", "/doctor", Right.INSPECT),
    BACKUP("GET", "/backup", Right.ADMINISTER),
    SHUT_DOWN("POST", "/shutdown", Right.ADMINISTER),
    /** For whoever has a token. */
    DESCRIBE("GET", "/openapi.yaml", null);

    private static final String PREFIX = "/api/v1";

    /** A build's id is made of the key, so that there is never a second one; nothing is kept for that. */
    private static final Set<Operation> ONCE_BY_THEMSELVES = EnumSet.of(REQUEST_BUILD, RESIGN_RELEASE);

    /** What changes nothing, and what ends the process that would keep the answer. */
    private static final Set<Operation> NEVER_KEPT = EnumSet.of(VERIFY_RELEASE, SHUT_DOWN);

    /** What goes on for as long as somebody listens. */
    private static final Set<Operation> STREAMS = EnumSet.of(FOLLOW_BUILD, FOLLOW_LOG, BACKUP);

    private static final Set<Operation> SECRET = EnumSet.of(CREATE_TOKEN, MAKE_PASSWORD);

    private final String method;
    private final PathPattern path;
    private final @Nullable Right needed;

    Operation(String method, String path, @Nullable Right needed) {
        this.method = method;
        this.path = new PathPattern(path);
        this.needed = needed;
    }

    public String method() {
        return method;
    }

    /** Whether a request for it may carry a key, with which it may be sent again. */
    public boolean hasKey() {
        return !method.equals("GET") && !NEVER_KEPT.contains(this);
    }

    /** Whether the answer has to be kept for that. */
    boolean keepsAnswer() {
        return hasKey() && !ONCE_BY_THEMSELVES.contains(this);
    }

    /** Whether its answer has an entity tag. */
    boolean hasTag() {
        return method.equals("GET") && !STREAMS.contains(this) && this != DOWNLOAD_ARTIFACT;
    }

    private Set<String> methods() {
        return method.equals("GET") && !STREAMS.contains(this) ? Set.of("GET", "HEAD") : Set.of(method);
    }

    /** Whether its answer is shown once, and kept nowhere. */
    boolean answersSecret() {
        return SECRET.contains(this);
    }

    public String path() {
        return path.text();
    }

    public Optional<Right> needed() {
        return Optional.ofNullable(needed);
    }

    /** @param names segments of the path by the names that the operation gives them */
    record Asked(Operation operation, Map<String, String> names) {}

    /** @param path whole, decoded; a slash at its end says nothing */
    static Optional<Asked> of(String method, String path) {
        var below = below(path);
        for (var operation : values()) {
            var names = operation.methods().contains(method) ? operation.path.match(below) : null;
            if (names != null) {
                return Optional.of(new Asked(operation, names));
            }
        }
        return Optional.empty();
    }

    /** What there is at that path; nothing where there is nothing. */
    static Set<String> methods(String path) {
        var below = below(path);
        return Arrays.stream(values())
                .filter(operation -> operation.path.match(below) != null)
                .flatMap(operation -> operation.methods().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String below(String path) {
        return path.startsWith(PREFIX) ? path.substring(PREFIX.length()).replaceFirst("/$", "") : "";
    }
}
