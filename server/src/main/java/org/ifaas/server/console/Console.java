package org.ifaas.server.console;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.ifaas.api.ErrorView;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.server.api.Reach;
import org.ifaas.server.api.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a browser: finds the route, sees that whoever asks may use it, and makes a page of whatever goes wrong. */
public final class Console {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final HeaderName OPENER = HeaderNames.create("Cross-Origin-Opener-Policy");
    private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");
    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
    private static final String ALLOWED = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final Gate gate;
    private final Reach reach;
    private final Pages pages;
    private final Map<Route, Handler> handlers;

    Console(Gate gate, Reach reach, Pages pages, Map<Route, Handler> handlers) {
        this.gate = gate;
        this.reach = reach;
        this.pages = pages;
        this.handlers = new EnumMap<>(handlers);
        for (var route : Route.values()) {
            if (!handlers.containsKey(route)) {
                throw new IllegalStateException("nobody answers " + route);
            }
        }
    }

    /** Answers in any case. */
    public void answer(ServerRequest request, ServerResponse response) {
        response.header(POLICY, ALLOWED)
                .header(HeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(REFERRER, "same-origin")
                .header(OPENER, "same-origin");
        var stranger = new Exchange(request, response, Map.of(), null, pages);
        try {
            refuseOtherPages(request);
            admit(request, response);
        } catch (HttpException | RequestException | CloseConnectionException e) {
            throw e;
        } catch (Exception e) {
            fail(stranger, e);
        }
    }

    private void refuseOtherPages(ServerRequest request) {
        var origin = gate.origin(request)
                .orElseThrow(() -> new Refusal(
                        421,
                        "the console is not offered under this name",
                        "Host",
                        request.authority(),
                        "Use the address that 'ifaas console' prints, or set console.url."));
        if (!gate.sameOrigin(request, origin)) {
            throw new Refusal(
                    403,
                    "the request does not come from a page of this console",
                    "Origin",
                    request.headers().first(HeaderNames.ORIGIN).orElse(null),
                    "Open the console itself and try again; behind a proxy, set console.url to its address.");
        }
    }

    private void admit(ServerRequest request, ServerResponse response) {
        var found = Route.of(request.prologue().method().text(), request.path().path());
        var account = gate.account(request, found.map(Route.Match::route).orElse(null));
        var given = found.map(Route.Match::path).orElse(Map.of());
        var named = account.isEmpty() ? given : reach.named(given);
        var exchange = new Exchange(request, response, named, account.orElse(null), pages);
        try {
            var route = found.map(Route.Match::route)
                    .orElseThrow(() -> Exchange.notFound("page", request.path().path()));
            var needed = route.needed();
            if (needed.isPresent() && account.isEmpty()) {
                askWho(exchange, route);
            } else if (needed.isPresent() && !account.orElseThrow().may(needed.get())) {
                throw new Refusal(
                        403,
                        "this is for those with " + needed.get().lacking(),
                        null,
                        null,
                        "Ask the factory's administrator for the role.");
            } else {
                needed.ifPresent(right -> reach.check(exchange.account(), right, exchange.names()));
                Objects.requireNonNull(handlers.get(route)).handle(exchange);
            }
        } catch (HttpException | RequestException | CloseConnectionException e) {
            throw e;
        } catch (Exception e) {
            fail(exchange, e);
        }
    }

    /** A page that was asked for is shown after signing in; scripts and forms are told. */
    private static void askWho(Exchange exchange, Route route) {
        var request = exchange.request();
        boolean page = request.headers()
                .first(HeaderNames.ACCEPT)
                .map(accept -> accept.contains("text/html"))
                .orElse(false);
        if (route.method().equals("GET") && page) {
            var query = request.query().rawValue();
            var to = request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
            exchange.redirect("/sign-in?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));
        } else {
            throw new Refusal(401, "nobody is signed in", null, null, "Sign in, then try again.");
        }
    }

    private static void fail(Exchange exchange, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            throw new CloseConnectionException("the factory stops", e);
        }
        if (exchange.response().isSent()) {
            return;
        }
        var refusal = switch (e) {
            case Refusal refused -> refused;
            case JournalAway away -> Refusal.away(away);
            default -> failed(exchange.request(), e);
        };
        try {
            exchange.page(refusal.status(), "Not done", "", "error", new ErrorPage(refusal.status(), refusal.view()));
        } catch (IllegalStateException streaming) {
            throw new CloseConnectionException("the answer has begun and can't be ended", e);
        }
    }

    private static Refusal failed(ServerRequest request, Exception e) {
        LOG.error("{} {}", request.prologue().method(), request.path().path(), e);
        return Refusal.failed(e);
    }

    /** What the page of an error shows. */
    public record ErrorPage(int status, ErrorView error) {}
}
