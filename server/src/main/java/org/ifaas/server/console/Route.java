package org.ifaas.server.console;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ifaas.server.login.Role;
import org.jspecify.annotations.Nullable;

/** Everything that the console answers, and the role that each needs: what is not here is not there. */
enum Route {
    STATIC("GET", "/static/{name}", null),
    SIGN_IN_PAGE("GET", "/sign-in", null),
    SIGN_IN("POST", "/sign-in", null),
    SIGN_OUT("POST", "/sign-out", Role.VIEWER),
    IMAGES("GET", "/", Role.VIEWER),
    EVENTS("GET", "/events", Role.VIEWER),
    IMAGE("GET", "/images/{image}", Role.VIEWER),
    DIFFERENCES("GET", "/images/{image}/differences", Role.VIEWER),
    NEW_BUILD("GET", "/new-build", Role.REQUESTER),
    REQUEST_BUILD("POST", "/builds", Role.REQUESTER),
    BUILD("GET", "/builds/{id}", Role.VIEWER),
    BUILD_EVENTS("GET", "/builds/{id}/events", Role.VIEWER),
    LOG("GET", "/builds/{id}/logs/{stage}", Role.VIEWER),
    LOG_EVENTS("GET", "/builds/{id}/logs/{stage}/events", Role.VIEWER),
    ARTIFACT("GET", "/builds/{id}/artifact", Role.VIEWER),
    CANCEL("POST", "/builds/{id}/cancel", Role.REQUESTER),
    RETRY("POST", "/builds/{id}/retry", Role.REQUESTER),
    KEEP_HOST("POST", "/builds/{id}/keep-host", Role.OPERATOR),
    REQUESTS("GET", "/requests", Role.VIEWER),
    APPROVE("POST", "/requests/{id}/approve", Role.PUBLISHER),
    REJECT("POST", "/requests/{id}/reject", Role.PUBLISHER),
    HOSTS("GET", "/hosts", Role.VIEWER),
    DESTROY_HOST("POST", "/hosts/{name}/destroy", Role.OPERATOR),
    REGIONS("GET", "/regions", Role.VIEWER),
    STATISTICS("GET", "/statistics", Role.VIEWER),
    STATISTICS_CSV("GET", "/statistics.csv", Role.VIEWER),
    SCHEDULES("GET", "/schedules", Role.VIEWER),
    PAUSE_SCHEDULE("POST", "/schedules/{image}/pause", Role.OPERATOR),
    RESUME_SCHEDULE("POST", "/schedules/{image}/resume", Role.OPERATOR),
    AUDIT("GET", "/audit", Role.OPERATOR),
    SETTINGS("GET", "/settings", Role.OPERATOR),
    /** The one that a program without a session may ask for, with a token of its own. */
    METRICS("GET", "/metrics", Role.VIEWER);

    private final String method;
    private final String path;
    private final @Nullable Role needed;

    Route(String method, String path, @Nullable Role needed) {
        this.method = method;
        this.path = path;
        this.needed = needed;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** Empty for those that nobody has to sign in for. */
    Optional<Role> needed() {
        return Optional.ofNullable(needed);
    }

    /** @param path by the names in the route's address */
    record Match(Route route, Map<String, String> path) {}

    /** The first that matches; the method HEAD asks for what GET does. */
    static Optional<Match> of(String method, String path) {
        var wanted = method.equals("HEAD") ? "GET" : method;
        for (var route : values()) {
            var match = route.method.equals(wanted) ? route.match(path) : null;
            if (match != null) {
                return Optional.of(new Match(route, match));
            }
        }
        return Optional.empty();
    }

    private @Nullable Map<String, String> match(String given) {
        var own = path.split("/", -1);
        var parts = given.split("/", -1);
        if (own.length != parts.length) {
            return null;
        }
        var names = new HashMap<String, String>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                names.put(own[i].substring(1, own[i].length() - 1), parts[i]);
            } else if (!own[i].equals(parts[i])) {
                return null;
            }
        }
        return names;
    }
}
