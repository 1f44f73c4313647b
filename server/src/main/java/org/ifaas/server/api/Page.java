package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list that follows builds: {@code ?image=&state=&limit=&cursor=}. Where there is more, the answer has a header
 * {@code Link} with {@code rel="next"} (RFC 8288).
 */
record Page(BuildSelection selection, int limit) {
    private static final int MOST = 1000;

    static Page asked(ServerRequest request) {
        var cursor = request.query().first("cursor").orElse("");
        return new Page(
                new BuildSelection(
                        nullIfEmpty(request.query().first("image").orElse("")),
                        Caller.of(request).images(Right.SEE),
                        state(request.query().first("state").orElse("")),
                        null,
                        cursor.isEmpty() ? null : cursor(cursor)),
                Numbers.of("limit", request.query().first("limit").orElse("50"), 1, MOST));
    }

    Page with(Class<? extends Fact> fact) {
        return new Page(selection.with(fact), limit);
    }

    /** @param found one more than the page has, when there is more */
    List<Build> linked(ServerResponse response, List<Build> found) {
        if (found.size() <= limit) {
            return found;
        }
        var page = found.subList(0, limit);
        var next = new StringBuilder("?limit=" + limit);
        if (selection.image() != null) {
            next.append("&image=").append(URLEncoder.encode(selection.image(), StandardCharsets.UTF_8));
        }
        if (selection.state() != null) {
            next.append("&state=").append(selection.state());
        }
        next.append("&cursor=").append(page.getLast().id());
        response.header(HeaderNames.LINK, "<" + next + ">; rel=\"next\"");
        return page;
    }

    private static @Nullable String nullIfEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable BuildState state(String name) {
        if (name.isEmpty()) {
            return null;
        }
        return Arrays.stream(BuildState.values())
                .filter(state -> state.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        400,
                        "is no state of a build",
                        "state",
                        name,
                        "Choose among " + Arrays.toString(BuildState.values()) + "."));
    }

    private static BuildId cursor(String text) {
        try {
            return new BuildId(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    400, "is no cursor", "cursor", text, "Follow the address in the last answer's header Link.");
        }
    }
}
