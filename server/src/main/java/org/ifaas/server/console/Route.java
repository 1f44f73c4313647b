package org.ifaas.server.console;

import java.util.Map;
import java.util.Optional;
import org.ifaas.server.api.PathPattern;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;

/** Everything that the console answers, and the right that each needs: what is not here is not there. */
enum Route {
    STATIC("GET", "/static/{name}", null),
    SIGN_IN_PAGE("GET", "/sign-in", null),
    SIGN_IN("POST", "/sign-in", null),
    SIGN_OUT("POST", "/sign-out", Right.SEE),
    IMAGES("GET", "/", Right.SEE),
    EVENTS("GET", "/events", Right.SEE),
    IMAGE("GET", "/images/{image}", Right.SEE),
    DIFFERENCES("GET", "/images/{image}/differences", Right.SEE),
    NEW_BUILD("GET", "/new-build", Right.BUILD),
    REQUEST_BUILD("POST", "/builds", Right.BUILD),
    BUILD("GET", "/builds/{id}", Right.SEE),
    BUILD_EVENTS("GET", "/builds/{id}/events", Right.SEE),
    LOG("GET", "/builds/{id}/logs/{stage}", Right.SEE),
    LOG_EVENTS("GET", "/builds/{id}/logs/{stage}/events", Right.SEE),
    LOG_LINES("GET", "/builds/{id}/logs/{stage}/lines", Right.SEE),
    LOG_HITS("GET", "/builds/{id}/logs/{stage}/hits", Right.SEE),
    ARTIFACT("GET", "/builds/{id}/artifact", Right.SEE),
    CANCEL("POST", "/builds/{id}/cancel", Right.BUILD),
    RETRY("POST", "/builds/{id}/retry", Right.BUILD),
    RESIGN("POST", "/builds/{id}/resign", Right.CERTIFY),
    KEEP_HOST("POST", "/builds/{id}/keep-host", Right.OPERATE),
    REQUESTS("GET", "/requests", Right.SEE),
    APPROVE("POST", "/requests/{id}/approve", Right.DECIDE),
    REJECT("POST", "/requests/{id}/reject", Right.DECIDE),
    CERTIFY("POST", "/requests/{id}/certification/{step}", Right.CERTIFY),
    HOSTS("GET", "/hosts", Right.SEE),
    DESTROY_HOST("POST", "/hosts/{host}/destroy", Right.OPERATE),
    REGIONS("GET", "/regions", Right.SEE_FACTORY),
    STATISTICS("GET", "/statistics", Right.SEE),
    STATISTICS_CSV("GET", "/statistics.csv", Right.SEE),
    SCHEDULES("GET", "/schedules", Right.SEE),
    PAUSE_SCHEDULE("POST", "/schedules/{image}/pause", Right.OPERATE),
    RESUME_SCHEDULE("POST", "/schedules/{image}/resume", Right.OPERATE),
    AUDIT("GET", "/audit", Right.INSPECT),
    SETTINGS("GET", "/settings", Right.INSPECT),
    /** The one that a program without a session may ask for, with a token of its own. */
    METRICS("GET", "/metrics", Right.SEE_FACTORY);

    private final String method;
    private final PathPattern path;
    private final @Nullable Right needed;

    Route(String method, String path, @Nullable Right needed) {
        this.method = method;
        this.path = new PathPattern(path);
        this.needed = needed;
    }

    String method() {
        return method;
    }

    String path() {
        return path.text();
    }

    /** Empty for those that nobody has to sign in for. */
    Optional<Right> needed() {
        return Optional.ofNullable(needed);
    }

    /** @param path by the names in the route's address */
    record Match(Route route, Map<String, String> path) {}

    /** The first that matches; the method HEAD asks for what GET does. */
    static Optional<Match> of(String method, String path) {
        var wanted = method.equals("HEAD") ? "GET" : method;
        for (var route : values()) {
            var match = route.method.equals(wanted) ? route.path.match(path) : null;
            if (match != null) {
                return Optional.of(new Match(route, match));
            }
        }
        return Optional.empty();
    }
}
