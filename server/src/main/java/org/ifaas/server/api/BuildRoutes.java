package org.ifaas.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.ifaas.api.ErrorView;
import org.ifaas.api.KeepHostRequest;
import org.ifaas.api.LogView;
import org.ifaas.api.RetryRequest;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.server.login.Right;
import org.ifaas.sources.BuildParameters;
import org.ifaas.sources.InvalidParameters;
import org.ifaas.sources.KeepHost;
import org.ifaas.sources.RequestCheck;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/builds}. */
public final class BuildRoutes implements HttpService {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_STREAM = Duration.ofDays(1);
    private static final HeaderName LAST_EVENT = HeaderNames.create("Last-Event-ID");
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final Builds builds;
    private final RequestCheck check;
    private final Journal journal;
    private final Logs logs;
    private final LogEvents logEvents;
    private final Views views;
    private final Differences differences;
    private final Artifacts artifacts;
    private final Changes changes;

    /** Waits until something about the build may have changed, or the time is over. */
    @FunctionalInterface
    public interface Changes {
        void await(BuildId build, Duration most) throws InterruptedException;
    }

    public BuildRoutes(
            Builds builds,
            RequestCheck check,
            Journal journal,
            Logs logs,
            LogEvents logEvents,
            Views views,
            Differences differences,
            Artifacts artifacts,
            Changes changes) {
        this.builds = builds;
        this.check = check;
        this.journal = journal;
        this.logs = logs;
        this.logEvents = logEvents;
        this.views = views;
        this.differences = differences;
        this.artifacts = artifacts;
        this.changes = changes;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::request)
                .get("/", this::list)
                .get("/{id}", (request, response) -> Json.send(request, response, views.whole(build(request))))
                .get("/{id}/events", this::events)
                .get("/{id}/logs/{stage}", this::log)
                .get("/{id}/logs/{stage}/events", this::logEvents)
                .get(
                        "/{id}/artifacts",
                        (request, response) -> Json.send(request, response, artifacts.of(build(request))))
                .get("/{id}/artifact", this::artifact)
                .post("/{id}/cancel", this::cancel)
                .post("/{id}/keep-host", this::keepHost)
                .post("/{id}/retry", this::retry)
                .get("/{id}/difference/{other}", this::difference);
    }

    private void request(ServerRequest request, ServerResponse response) throws InterruptedException {
        try {
            var asked = check.named(BuildParameters.asked(Body.json(request)));
            var key = IdempotencyKey.of(request);
            Reach.check(Caller.of(request), Right.BUILD, asked.parameters());
            var user = Caller.of(request).name();
            var parameters = key.isEmpty() || builds.asked(user, key).isEmpty()
                    ? check.check(asked, Caller.of(request).images(Right.SEE))
                    : asked.whole();
            var build = key.isEmpty()
                    ? builds.request(parameters, user)
                    : IdempotencyKey.once(key, () -> builds.request(parameters, user, key));
            response.header(HeaderNames.LOCATION, "/api/v1/builds/" + build.id());
            Json.send(response, 201, views.whole(build));
        } catch (InvalidParameters e) {
            throw Refusal.of(e.problems().stream()
                    .map(problem -> new ErrorView.Wrong(
                            problem.problem(),
                            problem.field().isEmpty() ? "body" : problem.field(),
                            problem.value(),
                            problem.mend()))
                    .toList());
        }
    }

    private void list(ServerRequest request, ServerResponse response) {
        var page = Page.asked(request, journal::find);
        var found = page.of(journal.list(page.builds(), page.oneMore()), Build::id, response);
        Json.send(request, response, found.stream().map(views::brief).toList());
    }

    /** Server-sent events: the whole build, at once and at each change, until it has ended. */
    private void events(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        var id = build(request).id();
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        try (var out = response.outputStream()) {
            var sent = "";
            var quiet = System.nanoTime();
            while (true) {
                var build = journal.find(id).orElseThrow();
                var event = Json.text(views.whole(build));
                if (!event.equals(sent)) {
                    out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    sent = event;
                    quiet = System.nanoTime();
                } else if (System.nanoTime() - quiet > KEEP_ALIVE.toNanos()) {
                    out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    quiet = System.nanoTime();
                }
                if (build.state().ended()) {
                    return;
                }
                changes.await(id, Duration.ofSeconds(1));
            }
        }
    }

    private void log(ServerRequest request, ServerResponse response) throws InterruptedException {
        var build = build(request);
        var stage = Views.stageNamed(request.path().pathParameters().get("stage"));
        int attempt = attempt(request, build, stage);
        long offset = offset(request);
        logEvents.requireThere(build, attempt, stage);
        int wait = Numbers.of("wait", request.query().first("wait").orElse("0"), 0, (int) LONGEST_WAIT.toSeconds());
        try {
            var chunk = logs.read(build.id(), attempt, stage, offset, Duration.ofSeconds(wait));
            boolean open = chunk.open() && !build.state().ended();
            Json.send(request, response, new LogView(chunk.text(), chunk.next(), open));
        } catch (UncheckedIOException e) {
            throw Refusal.notInStore(String.valueOf(e.getMessage()), "log", stage.slug());
        }
    }

    /** The same as server-sent events: at once what is there, then what comes, until the log is closed. */
    private void logEvents(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        var build = build(request);
        var stage = Views.stageNamed(request.path().pathParameters().get("stage"));
        int attempt = attempt(request, build, stage);
        long offset = offset(request);
        logEvents.requireThere(build, attempt, stage);
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        try (var out = response.outputStream()) {
            logEvents.send(build, attempt, stage, offset, LONGEST_STREAM, out);
        }
    }

    private int attempt(ServerRequest request, Build build, StageName stage) {
        var given = request.query().first("attempt");
        return given.isPresent() ? Numbers.of("attempt", given.get(), 1, build.attempt()) : lastThatRan(build, stage);
    }

    /** What stands from an earlier attempt has its log there. */
    private int lastThatRan(Build build, StageName stage) {
        for (int attempt = build.attempt(); attempt > 1; attempt--) {
            boolean stands = journal.stageRuns(build.id(), attempt).stream()
                    .anyMatch(run -> run.stage() == stage && run.state() == StageState.SKIPPED);
            if (!stands) {
                return attempt;
            }
        }
        return 1;
    }

    /** A client that was cut off says how far it came. */
    private static long offset(ServerRequest request) {
        var last = request.headers().first(LAST_EVENT);
        return last.isPresent()
                ? Numbers.of(LAST_EVENT.defaultCase(), last.get(), 0, Integer.MAX_VALUE)
                : Numbers.of("offset", request.query().first("offset").orElse("0"), 0, Integer.MAX_VALUE);
    }

    private void cancel(ServerRequest request, ServerResponse response) {
        var build = build(request);
        cancel(builds, build, Caller.of(request).name());
        Json.send(response, views.whole(journal.find(build.id()).orElseThrow()));
    }

    /** One that is cancelled already may be so again. */
    public static void cancel(Builds builds, Build build, String by) {
        if (build.state().ended() && build.state() != BuildState.CANCELLED) {
            throw new Refusal(
                    409,
                    "the build has ended and is " + build.state(),
                    "build",
                    build.id().value(),
                    "There is nothing left to cancel.");
        }
        builds.cancel(build.id(), by);
    }

    private void retry(ServerRequest request, ServerResponse response) {
        var build = build(request);
        var wanted = Json.read(request, RetryRequest.class);
        var from = stage(wanted);
        if (wanted.attempt() != null
                && Numbers.of("attempt", wanted.attempt().toString(), 1, build.attempt()) < build.attempt()) {
            Json.send(response, views.whole(build)); // it has been tried again already
            return;
        }
        if (!build.state().ended()) {
            throw new Refusal(
                    409,
                    "the build is " + build.state() + "; only one that has ended can be tried again",
                    "build",
                    build.id().value(),
                    "Wait for its end, or 'ifaas cancel " + build.id() + "' first.");
        }
        views.requireArtifacts(build);
        Json.send(
                response,
                views.whole(retry(builds, build, from, Caller.of(request).name())));
    }

    private static @Nullable StageName stage(RetryRequest wanted) {
        var from = wanted.from();
        return from == null
                ? null
                : Views.stage(from)
                        .orElseThrow(() -> new Refusal(400, "is no stage", "from", from, Views.CHOOSE_STAGE));
    }

    /** What has to stay as it is, such as a public release, is not made again; nor is what somebody else tries again already. */
    public static Build retry(Builds builds, Build build, @Nullable StageName from, String by) {
        try {
            return builds.retry(build.id(), from, by);
        } catch (StageFailure stays) {
            throw new Refusal(
                    409, String.valueOf(stays.getMessage()), "from", from == null ? "" : from.slug(), stays.mend());
        } catch (IllegalStateException e) {
            throw new Refusal(
                    409,
                    String.valueOf(e.getMessage()),
                    "build",
                    build.id().value(),
                    "Wait for its end if it goes on; else build it again.");
        }
    }

    private void artifact(ServerRequest request, ServerResponse response) throws IOException {
        var key = request.query().first("key").orElse("");
        artifacts.send(artifacts.find(build(request), key), request, response);
    }

    private void keepHost(ServerRequest request, ServerResponse response) {
        var build = build(request);
        var given = Json.read(request, KeepHostRequest.class).keepHost();
        keepHost(
                builds,
                build,
                "keepHost",
                given == null ? "" : given,
                Caller.of(request).name());
        Json.send(response, views.whole(journal.find(build.id()).orElseThrow()));
    }

    /** @param given for how long; empty for no longer than the build */
    public static void keepHost(Builds builds, Build build, String field, String given, String by) {
        var howLong = given.isEmpty() ? null : KeepHost.parse(given);
        if (!given.isEmpty() && howLong == null) {
            throw new Refusal(
                    400, "is not between one minute and seven days", field, given, "Write such as 30m, 4h, 2d.");
        }
        try {
            builds.keepHost(build.id(), howLong, by);
        } catch (IllegalStateException ended) {
            throw new Refusal(
                    409,
                    "the build has ended and its host is gone, or kept as it was asked for",
                    "build",
                    build.id().value(),
                    "Build again and ask for it to be kept.");
        }
    }

    private void difference(ServerRequest request, ServerResponse response) throws IOException {
        var other = build(request.path().pathParameters().get("other"));
        Json.send(request, response, differences.between(build(request), other));
    }

    private Build build(ServerRequest request) {
        return build(request.path().pathParameters().get("id"));
    }

    private Build build(String id) {
        return builds.find(id)
                .orElseThrow(() -> Refusal.notFound(
                        "build", id, "'ifaas builds' lists them; an id may be shortened while it is unique."));
    }
}
