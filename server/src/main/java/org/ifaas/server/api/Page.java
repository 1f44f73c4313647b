package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list that follows builds: {@code ?limit=&cursor=}, with whatever else is asked for. Where there is more, the
 * answer has a header {@code Link} with {@code rel="next"} (RFC 8288).
 */
record Page(ServerRequest request, int limit, @Nullable BuildId after) {
    private static final String LIMIT = "limit";
    static final String CURSOR = "cursor";
    private static final int MOST = 1000;

    /** @param build by which a cursor is known */
    static Page asked(ServerRequest request, Function<BuildId, Optional<Build>> build) {
        return new Page(
                request,
                limit(request),
                given(request, CURSOR)
                        .map(cursor -> cursor(cursor, Caller.of(request), build))
                        .orElse(null));
    }

    static int limit(ServerRequest request) {
        return Numbers.of(LIMIT, request.query().first(LIMIT).orElse("50"), 1, MOST);
    }

    /** One more than the page has: it tells that there is more. */
    int oneMore() {
        return limit + 1;
    }

    /** {@code ?image=&state=} */
    BuildSelection builds() {
        return new BuildSelection(
                Named.imageAsked(request).orElse(null),
                Caller.of(request).images(Right.SEE),
                given(request, "state").map(Page::state).orElse(null),
                null,
                after);
    }

    /** @param found {@link #oneMore} when there is more */
    <T> List<T> of(List<T> found, Function<T, BuildId> id, ServerResponse response) {
        return of(found, limit, CURSOR, last -> id.apply(last).value(), request, response);
    }

    /**
     * The same of a list that follows something else.
     *
     * @param cursor the parameter that says where a page begins
     * @param from its value for the page behind the one that ends with that
     */
    static <T> List<T> of(
            List<T> found,
            int limit,
            String cursor,
            Function<T, String> from,
            ServerRequest request,
            ServerResponse response) {
        if (found.size() <= limit) {
            return found;
        }
        var page = found.subList(0, limit);
        var next = new StringBuilder("?limit=" + limit);
        for (var name : request.query().names()) {
            if (!name.equals(LIMIT) && !name.equals(cursor)) {
                next.append('&').append(encoded(name)).append('=');
                next.append(encoded(request.query().get(name)));
            }
        }
        next.append('&').append(cursor).append('=').append(encoded(from.apply(page.getLast())));
        response.header(HeaderNames.LINK, "<" + next + ">; rel=\"next\"");
        return page;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static Optional<String> given(ServerRequest request, String name) {
        return Optional.of(request.query().first(name).orElse("")).filter(text -> !text.isEmpty());
    }

    private static BuildState state(String name) {
        return Arrays.stream(BuildState.values())
                .filter(state -> state.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new Refusal(400, "is no state of a build", "state", name, Refusal.among(BuildState.values())));
    }

    /** One that names nothing, or nothing that the account may see, has no page behind it. */
    private static BuildId cursor(String text, Account account, Function<BuildId, Optional<Build>> build) {
        return id(text).flatMap(build)
                .filter(found ->
                        account.images(Right.SEE).has(found.parameters().image()))
                .map(Build::id)
                .orElseThrow(() -> noCursor(text));
    }

    static Refusal noCursor(String text) {
        return new Refusal(400, "is no cursor", CURSOR, text, "Follow the address in the last answer's header Link.");
    }

    private static Optional<BuildId> id(String text) {
        try {
            return Optional.of(new BuildId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
