package org.ifaas.server.console;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.SameOrigin;
import org.ifaas.server.login.Sessions;
import org.jspecify.annotations.Nullable;

/** Who asks, from which page, and by what name of this server: what has to be known before anything is answered. */
final class Gate {
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    /** Another name for this machine could be one that somebody else's page has made up. */
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?");

    /** With it live.js asks for a page anew. */
    private static final HeaderName RENEWAL = HeaderNames.create("Ifaas-Renewal");

    private static final Set<Route> STREAMS = EnumSet.of(Route.EVENTS, Route.BUILD_EVENTS, Route.LOG_EVENTS);

    private final Sessions sessions;
    private final @Nullable URI address;
    private final @Nullable String metricsToken;

    /**
     * @param address under which a proxy offers the console; null when it is used on this machine only
     * @param metricsToken with which a program may ask for the metrics and for nothing else; null for none
     */
    Gate(Sessions sessions, @Nullable URI address, @Nullable String metricsToken) {
        this.metricsToken = metricsToken;
        this.sessions = sessions;
        this.address = address;
    }

    /** The address of the console as this request's browser knows it; empty when it is none of ours. */
    Optional<String> origin(ServerRequest request) {
        if (address != null) {
            return Optional.of(address.getScheme() + "://" + address.getAuthority());
        }
        return Optional.of(request.authority())
                .filter(host -> LOOPBACK.matcher(host).matches())
                .map(host -> "http://" + host);
    }

    boolean sameOrigin(ServerRequest request, String origin) {
        var headers = request.headers();
        return SameOrigin.allows(
                request.prologue().method().text(),
                headers.first(FETCH_SITE).orElse(null),
                headers.first(HeaderNames.ORIGIN).orElse(null),
                origin);
    }

    Optional<Account> account(ServerRequest request, @Nullable Route route) {
        return route == Route.METRICS && hasMetricsToken(request)
                ? Optional.of(new Account("metrics", Set.of(Role.VIEWER)))
                : secret(request).flatMap(isByItself(request, route) ? sessions::find : sessions::use);
    }

    /** A page that is open follows what happens, whether or not anybody sits there. */
    private static boolean isByItself(ServerRequest request, @Nullable Route route) {
        return request.headers().contains(RENEWAL) || route != null && STREAMS.contains(route);
    }

    private boolean hasMetricsToken(ServerRequest request) {
        var given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        return metricsToken != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        ("Bearer " + metricsToken).getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> secret(ServerRequest request) {
        return request.headers().cookies().first(cookie()).asOptional();
    }

    void begin(ServerResponse response, Account account) {
        setCookie(response, sessions.begin(account), "");
    }

    void end(ServerRequest request, ServerResponse response) {
        secret(request).ifPresent(sessions::end);
        setCookie(response, "", "; Max-Age=0");
    }

    private void setCookie(ServerResponse response, String value, String more) {
        response.header(
                HeaderNames.SET_COOKIE,
                cookie() + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + (secure() ? "; Secure" : "") + more);
    }

    /** With the prefix no other site of the same domain can set it. */
    private String cookie() {
        return secure() ? "__Host-ifaas" : "ifaas";
    }

    private boolean secure() {
        return address != null && "https".equals(address.getScheme());
    }
}
