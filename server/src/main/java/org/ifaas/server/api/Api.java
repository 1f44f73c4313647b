package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.NotFoundException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.AuditByToken;
import org.ifaas.server.login.Tokens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server. Every request of the REST interface carries a token, by which it is known who asks, and is answered when
 * its {@link Operation} is for them. Every error of it is an {@link org.ifaas.api.ErrorView}; what lies outside of it is the
 * console's.
 */
public final class Api implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_ALLOWED = 405;
    private static final String BEARER = "Bearer ";

    /** Held, or its level would be forgotten: what a client sends wrong is answered, and is no news to the operator. */
    private static final java.util.logging.Logger HELIDON = java.util.logging.Logger.getLogger("io.helidon");

    static {
        HELIDON.setLevel(Level.SEVERE);
    }

    private final WebServer server;
    private final AtomicLong lastRequest;
    private final AtomicLong open;

    private Api(WebServer server, AtomicLong lastRequest, AtomicLong open) {
        this.server = server;
        this.lastRequest = lastRequest;
        this.open = open;
    }

    /**
     * @param port 0 for any that is free
     * @param services path below {@code /api/v1} to service
     */
    public static Api start(int port, Callers callers, Map<String, HttpService> services) {
        return start(port, callers, services, Map.of());
    }

    /** @param hooks whole path to a service that checks by itself who asks there, without a token */
    public static Api start(
            int port, Callers callers, Map<String, HttpService> services, Map<String, HttpService> hooks) {
        return start(
                port,
                callers,
                new Reach(build -> Optional.empty(), host -> Optional.empty(), image -> image),
                Repeats.NOT_KNOWN,
                services,
                hooks,
                (request, response) -> Json.refuse(response, nobody(Tokens.Refused.MISSING)));
    }

    /**
     * @param repeats what becomes of requests that are sent again
     * @param hooks whole path to a service that checks by itself who asks there, without a token
     * @param others answers what is asked outside of {@code /api/}, where no token is sent
     */
    public static Api start(
            int port,
            Callers callers,
            Reach reach,
            Repeats repeats,
            Map<String, HttpService> services,
            Map<String, HttpService> hooks,
            BiConsumer<ServerRequest, ServerResponse> others) {
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return start(here, callers, reach, repeats, services, hooks, others, Body.MOST);
    }

    /**
     * @param at where it listens; port 0 for any
     * @param mostBody of a request, in bytes, where more than is usual is wanted
     */
    public static Api start(
            InetSocketAddress at,
            Callers callers,
            Reach reach,
            Repeats repeats,
            Map<String, HttpService> services,
            Map<String, HttpService> hooks,
            BiConsumer<ServerRequest, ServerResponse> others,
            long mostBody) {
        // A form has more in it than its file.
        int most = (int) Math.max(Body.MOST, mostBody + (64 << 10));
        var lastRequest = new AtomicLong(System.nanoTime());
        var open = new AtomicLong();
        var routing = HttpRouting.builder();
        routing.addFilter((chain, request, response) -> {
            lastRequest.set(System.nanoTime());
            open.incrementAndGet();
            try {
                Framing.begin(request, response);
                if (request.path().path().startsWith("/api/")) {
                    admit(chain, request, response, callers, reach, repeats);
                } else {
                    chain.proceed();
                }
                Framing.end(request);
            } finally {
                open.decrementAndGet();
                lastRequest.set(System.nanoTime());
            }
        });
        hooks.forEach((path, service) -> routing.register(path, HeadToo.of(service)));
        routing.any((request, response) -> {
            if (request.path().path().startsWith("/api/")) {
                response.next();
            } else {
                others.accept(request, response);
            }
        });
        services.forEach((path, service) -> routing.register("/api/v1" + path, HeadToo.of(service)));
        routing.error(Refusal.class, (request, response, refusal) -> Json.refuse(response, refusal));
        routing.error(NotFoundException.class, (request, response, e) -> Json.refuse(response, nothing(request)));
        routing.error(InterruptedException.class, (request, response, e) -> Json.refuse(response, Refusal.stops()));
        routing.error(HttpException.class, (request, response, e) -> Json.refuse(response, notUnderstood(e)));
        routing.error(JournalAway.class, (request, response, e) -> Json.refuse(response, Refusal.away(e)));
        routing.error(Throwable.class, (request, response, e) -> {
            LOG.error("{} {}", request.prologue().method(), request.path().path(), e);
            Json.refuse(response, Refusal.failed(e));
        });
        var server = WebServer.builder()
                .address(at.getAddress())
                .port(at.getPort())
                // Or the end of an answer of several packets waits for the other side's delayed acknowledgement, 40 ms.
                .connectionOptions(options -> options.tcpNoDelay(true))
                .maxPayloadSize(most)
                .directHandlers(NotHttp.handlers(most))
                .shutdownHook(false)
                .routing(routing)
                .build()
                .start();
        return new Api(server, lastRequest, open);
    }

    private static void admit(
            FilterChain chain,
            RoutingRequest request,
            RoutingResponse response,
            Callers callers,
            Reach reach,
            Repeats repeats) {
        Admitted admitted;
        try {
            admitted = admitted(request, callers, reach);
        } catch (Refusal e) {
            if (e.status() == UNAUTHORIZED) {
                response.header(HeaderNames.WWW_AUTHENTICATE, BEARER.strip());
            }
            if (e.status() == NOT_ALLOWED) {
                response.header(
                        HeaderNames.ALLOW,
                        String.join(", ", Operation.methods(request.path().path())));
            }
            Json.refuse(response, e);
            return;
        }
        var account = admitted.account();
        Caller.is(request, account);
        Named.is(request, admitted.named());
        AuditByToken.during(account, () -> {
            try {
                repeats.proceed(admitted.operation(), account, request, response, chain);
            } catch (Refusal e) {
                Json.refuse(response, e);
            }
        });
    }

    private record Admitted(Account account, Operation operation, Named named) {}

    /** Who asks, when the operation that is asked for is for them. */
    private static Admitted admitted(ServerRequest request, Callers callers, Reach reach) {
        try {
            var account = callers.of(bearer(request));
            var asked = Operation.of(
                            request.prologue().method().text(), request.path().path())
                    .orElseThrow(() -> nothingSuch(request));
            var named = reach.named(asked.names());
            asked.operation().needed().ifPresent(right -> {
                if (account.may(right)) {
                    reach.check(account, right, named);
                    return;
                }
                throw new Refusal(
                        403,
                        "this is for those with " + right.lacking(),
                        "Authorization",
                        null,
                        "Use a token with that role; an administrator makes one with 'ifaas tokens create'.");
            });
            if (!asked.operation().hasTag() && request.headers().contains(HeaderNames.IF_MATCH)) {
                throw Refusal.notMatched(
                        request, "there is no entity tag at this address", "Leave the header out; nothing was done.");
            }
            return new Admitted(account, asked.operation(), new Named(named, reach));
        } catch (Tokens.Refused e) {
            throw nobody(String.valueOf(e.getMessage()));
        }
    }

    private static String bearer(ServerRequest request) {
        var given = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        return given.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? given.substring(BEARER.length()) : "";
    }

    private static Refusal nobody(String why) {
        return new Refusal(
                401,
                why,
                "Authorization",
                null,
                "Send 'Bearer' and a token: one that 'ifaas tokens create' has made, or on the factory's machine that of run/factory.json.");
    }

    /** What the web server finds wrong with a request is the client's to mend. */
    private static Refusal notUnderstood(HttpException e) {
        int status = e.status().code();
        return new Refusal(
                status >= 400 && status < 500 ? status : 400,
                String.valueOf(e.getMessage()),
                "request",
                null,
                "GET /api/v1/openapi.yaml says what there is.");
    }

    private static Refusal nothingSuch(ServerRequest request) {
        var methods = Operation.methods(request.path().path());
        return methods.isEmpty() ? nothing(request) : Refusal.notAllowed(request, methods);
    }

    private static Refusal nothing(ServerRequest request) {
        return new Refusal(
                404,
                "there is nothing at this address",
                "path",
                request.path().path(),
                "GET /api/v1/openapi.yaml says what there is.");
    }

    public int port() {
        return server.port();
    }

    /** For how long nobody has asked anything, in nanoseconds; 0 while a request is open. */
    public long idleNanos() {
        return open.get() > 0 ? 0 : System.nanoTime() - lastRequest.get();
    }

    @Override
    public void close() {
        server.stop();
    }
}
