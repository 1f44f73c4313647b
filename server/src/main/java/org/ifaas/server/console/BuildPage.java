package org.ifaas.server.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.Removed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.suite.FlavorResults;
import org.ifaas.server.api.Artifacts;
import org.ifaas.server.api.BuildRoutes;
import org.ifaas.server.api.Refusal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** One build: its stages as they overlap, the log of one of them, and all that is known of what it made. */
public final class BuildPage {
    private static final ObjectWriter JSON = JsonMapper.shared().writerWithDefaultPrettyPrinter();

    private final Builds builds;
    private final Journal journal;
    private final ArtifactStore store;
    private final Artifacts artifacts;
    private final LogPart logs;
    private final InstantSource clock;

    BuildPage(Builds builds, Journal journal, ArtifactStore store, LogPart logs, InstantSource clock) {
        this.builds = builds;
        this.journal = journal;
        this.store = store;
        this.artifacts = new Artifacts(journal, store);
        this.logs = logs;
        this.clock = clock;
    }

    /**
     * @param attempt that is shown; the build's newest unless another was asked for
     * @param problem the stage that failed first; null when none has
     * @param released whether it has a release
     */
    public record Page(
            Build build,
            Shown state,
            String time,
            int attempt,
            List<Bar> bars,
            @Nullable Bar problem,
            LogPart.Part log,
            List<Named> summary,
            List<Named> parameters,
            List<Named> facts,
            List<Artifact> artifacts,
            boolean released,
            @Nullable ImageTested tested,
            List<OnFlavor> flavors,
            List<TestResults.Result> tests,
            List<StageName> stages,
            List<String> removed) {

        public boolean ended() {
            return build.state().ended();
        }

        public boolean hasHost() {
            return build.parameters().kind() == Kind.BUILD;
        }

        /** As its heading begins. */
        public String kind() {
            return switch (build.parameters().kind()) {
                case BUILD -> "Build";
                case TEST -> "Test";
                case RESIGN -> "Signing anew";
            };
        }
    }

    /**
     * One stage as a bar in the time of the build.
     *
     * @param from thousandths of the whole
     * @param width likewise
     */
    public record Bar(
            StageName stage,
            Shown state,
            String time,
            long from,
            long width,
            @Nullable String message,
            @Nullable String mend,
            @Nullable String blame) {
        public String x() {
            return Long.toString(from);
        }

        public String w() {
            return Long.toString(width);
        }
    }

    public record Named(String name, String value) {}

    /** What was found on one flavor. */
    public record OnFlavor(String name, Shown state, int passed, int failed, int skipped, String boot) {
        static OnFlavor of(Flavor flavor) {
            return new OnFlavor(
                    flavor.name(),
                    Shown.of(flavor.failed() == 0 ? StageState.DONE : StageState.FAILED),
                    flavor.passed(),
                    flavor.failed(),
                    flavor.skipped(),
                    flavor.bootSeconds() > 0 ? Amounts.duration(flavor.bootSeconds()) : "–");
        }
    }

    /** A file that the build has left in the artifact store. */
    public record Artifact(String key, String name, String size) {}

    void show(Exchange exchange) throws IOException, InterruptedException {
        var build = build(exchange);
        int attempt = attempt(exchange, build);
        var facts = journal.facts(build.id());
        var runs = journal.stageRuns(build.id(), attempt);
        var now = clock.instant();
        var bars = bars(build, attempt, runs, now);
        var stage = stage(exchange, runs);
        var tested = facts.find(ImageTested.class).orElse(null);
        var flavors = tested == null ? flavors(facts, attempt) : tested.flavors();
        exchange.page(
                build.parameters().image() + " " + build.id(),
                "/",
                "build",
                new Page(
                        build,
                        Shown.of(build.state()),
                        build.started() == null
                                ? ""
                                : Amounts.duration(Duration.between(
                                        build.started(), Objects.requireNonNullElse(build.ended(), now))),
                        attempt,
                        bars,
                        bars.stream()
                                .filter(bar -> bar.blame() != null)
                                .findFirst()
                                .orElse(null),
                        logs.of(exchange, build, attempt, stage, endMatters(stage, runs)),
                        summary(build, facts),
                        parameters(build.parameters()),
                        facts(facts),
                        artifacts(build),
                        facts.has(ReleaseSealed.class) && !facts.has(ArtifactsRemoved.class),
                        tested,
                        flavors.stream().map(OnFlavor::of).toList(),
                        TestResults.read(store, tested == null ? results(facts, flavors) : tested.resultKeys()),
                        List.of(StageName.values()),
                        removed(facts)));
    }

    /** What retention has removed, in sentences. */
    private static List<String> removed(Facts facts) {
        var sentences = new ArrayList<String>();
        facts.find(ArtifactsRemoved.class)
                .filter(removed -> removed.files() > 0)
                .ifPresent(removed -> sentences.add(sentence("artifacts", removed)));
        facts.find(LogsRemoved.class).ifPresent(removed -> sentences.add(sentence("logs", removed)));
        return sentences;
    }

    private static String sentence(String what, Removed removed) {
        return "The %s (%s) were removed by retention on %s: %s."
                .formatted(what, Amounts.bytes(removed.bytes()), removed.day(), removed.why());
    }

    /** Of an image that has not passed, or not yet. */
    private List<Flavor> flavors(Facts facts, int attempt) {
        return facts.find(Inputs.class)
                .map(inputs -> FlavorResults.of(store, inputs)
                        .of(inputs.definition().tests().flavors(), attempt))
                .orElse(List.of());
    }

    private List<String> results(Facts facts, List<Flavor> flavors) {
        return flavors.stream()
                .map(flavor -> FlavorResults.of(store, facts.get(Inputs.class)).key(flavor.name()))
                .toList();
    }

    private Build build(Exchange exchange) {
        return find(journal, exchange.name("id"));
    }

    static Build find(Journal journal, String id) {
        try {
            return journal.find(new BuildId(id)).orElseThrow(() -> Exchange.notFound("build", id));
        } catch (IllegalArgumentException e) {
            throw Exchange.notFound("build", id);
        }
    }

    static int attempt(Exchange exchange, Build build) {
        var given = exchange.query("attempt");
        if (given.isEmpty()) {
            return build.attempt();
        }
        if (!given.matches("[0-9]{1,4}") || Integer.parseInt(given) < 1 || Integer.parseInt(given) > build.attempt()) {
            throw Exchange.notFound("attempt", given);
        }
        return Integer.parseInt(given);
    }

    static StageName stageNamed(String name) {
        for (var stage : StageName.values()) {
            if (stage.slug().equals(name)) {
                return stage;
            }
        }
        throw Exchange.notFound("stage", name);
    }

    /** The one that was asked for, else the one that failed, runs, or ran last. */
    private static StageName stage(Exchange exchange, List<StageRun> runs) {
        if (!exchange.query("stage").isEmpty()) {
            return stageNamed(exchange.query("stage"));
        }
        return runs.stream()
                .filter(run -> run.state() == StageState.FAILED)
                .findFirst()
                .or(() -> runs.stream()
                        .filter(run -> run.state() == StageState.RUNNING)
                        .findFirst())
                .or(() -> runs.stream()
                        .filter(run -> run.started() != null)
                        .max(Comparator.comparing(run -> Objects.requireNonNull(run.started()))))
                .map(StageRun::stage)
                .orElse(StageName.INITIALIZE);
    }

    /** What a stage does now, and why one failed, stands at the end of its log. */
    private static boolean endMatters(StageName stage, List<StageRun> runs) {
        return runs.stream()
                .anyMatch(run -> run.stage() == stage
                        && (run.state() == StageState.RUNNING || run.state() == StageState.FAILED));
    }

    private static List<Bar> bars(Build build, int attempt, List<StageRun> runs, Instant now) {
        var byStage = runs.stream().collect(Collectors.toMap(StageRun::stage, Function.identity()));
        var from = runs.stream()
                .map(StageRun::started)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(now);
        var to = runs.stream()
                .filter(run -> run.started() != null)
                .map(run -> Objects.requireNonNullElse(run.ended(), now))
                .max(Comparator.naturalOrder())
                .orElse(now);
        double whole = Math.max(1, Duration.between(from, to).toMillis());
        var bars = new ArrayList<Bar>();
        for (var stage : StageName.values()) {
            var run = byStage.get(stage);
            if (run == null) {
                boolean over = build.state().ended() || attempt < build.attempt();
                var state = Shown.of(over ? StageState.SKIPPED : StageState.WAITING);
                bars.add(new Bar(stage, state, "", 0, 0, null, null, null));
            } else {
                bars.add(bar(run, from, whole, now));
            }
        }
        return bars;
    }

    private static Bar bar(StageRun run, Instant from, double whole, Instant now) {
        var began = run.started();
        var ended = Objects.requireNonNullElse(run.ended(), now);
        long x = began == null
                ? 0
                : Math.round(1000 * Duration.between(from, began).toMillis() / whole);
        long width = began == null
                ? 0
                : Math.max(3, Math.round(1000 * Duration.between(began, ended).toMillis() / whole));
        return new Bar(
                run.stage(),
                Shown.of(run.state()),
                began == null ? "" : Amounts.duration(Duration.between(began, ended)),
                Math.min(x, 997),
                Math.min(width, 1000 - Math.min(x, 997)),
                run.message(),
                run.mend(),
                run.blame() == null ? null : blame(run.blame().name()));
    }

    private static String blame(String name) {
        return switch (name) {
            case "REQUEST" -> "what was asked for";
            case "IMAGE" -> "the image definition";
            case "HOST" -> "the build host";
            default -> "the " + name.toLowerCase(Locale.ROOT);
        };
    }

    private List<Named> summary(Build build, Facts facts) {
        var rows = new ArrayList<Named>();
        rows.add(new Named("Asked for by", build.requester()));
        rows.add(new Named("Asked for", Amounts.exactTime(build.requested())));
        if (build.started() != null) {
            rows.add(new Named("Started", Amounts.exactTime(build.started())));
        }
        if (build.ended() != null) {
            rows.add(new Named("Ended", Amounts.exactTime(build.ended())));
        }
        facts.find(Inputs.class).ifPresent(inputs -> {
            rows.add(new Named("Serial", inputs.serial()));
            rows.add(new Named(
                    "Commit",
                    inputs.source().commit() + " in " + inputs.source().repository()));
            rows.add(new Named("Author", inputs.source().author()));
            if (inputs.hostKind() != null) {
                rows.add(new Named("Build host", inputs.hostKind() + ": " + inputs.hostReason()));
            }
        });
        facts.find(HostSpawned.class)
                .ifPresent(spawned -> rows.add(new Named(
                        "Host", spawned.host().name() + ", " + spawned.host().detail())));
        facts.find(HostConnected.class)
                .ifPresent(host -> rows.add(
                        new Named("Runs", host.os() + ", " + host.cpus() + " CPUs, " + host.memoryMiB() + " MiB")));
        facts.find(HostDestroyed.class)
                .map(HostDestroyed::keptUntil)
                .ifPresent(until -> rows.add(new Named("Host kept until", Amounts.exactTime(until))));
        facts.find(ImageBuilt.class).ifPresent(built -> {
            rows.add(new Named(
                    "Image",
                    Amounts.bytes(built.measured().size()) + ", disk of " + Amounts.bytes(built.virtualBytes()) + ", "
                            + built.packages() + " packages"));
            rows.add(new Named("SHA-256", built.measured().digests().sha256()));
        });
        facts.find(ReleaseSealed.class).ifPresent(seal -> rows.add(new Named("Signed by", seal.keyFingerprint())));
        return rows;
    }

    private static List<Named> parameters(Parameters parameters) {
        var rows = new ArrayList<Named>();
        rows.add(new Named("Image", parameters.image()));
        rows.add(new Named("Kind", parameters.kind().word()));
        if (parameters.imageId() != null) {
            rows.add(new Named("Image under test", parameters.imageId()));
        }
        if (parameters.file() != null) {
            rows.add(new Named("File under test", parameters.file()));
        }
        if (parameters.release() != null) {
            rows.add(new Named("Release of build", parameters.release()));
        }
        rows.add(new Named("Ref", Objects.requireNonNullElse(parameters.ref(), "the repository's own")));
        rows.add(new Named(
                "Regions",
                parameters.regions().isEmpty() ? "those of the definition" : String.join(", ", parameters.regions())));
        rows.add(new Named("Host", parameters.host().name().toLowerCase(Locale.ROOT)));
        rows.add(new Named(
                "Keep the host", parameters.keepHost() == null ? "no" : Amounts.roughly(parameters.keepHost())));
        rows.add(new Named("Run tests", yes(parameters.runTests())));
        rows.add(new Named("Force", yes(parameters.force())));
        rows.add(new Named("Ask for publication", yes(parameters.requestPublication())));
        if (!parameters.copyTo().isEmpty()) {
            rows.add(new Named("Mail to", String.join(", ", parameters.copyTo())));
        }
        if (parameters.serialSuffix() != null) {
            rows.add(new Named("Serial suffix", parameters.serialSuffix()));
        }
        return rows;
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static List<Named> facts(Facts facts) {
        return facts.all().stream()
                .map(fact -> new Named(fact.getClass().getSimpleName(), JSON.writeValueAsString(fact)))
                .toList();
    }

    private List<Artifact> artifacts(Build build) throws IOException {
        return artifacts.of(build).stream()
                .map(one -> new Artifact(one.key(), one.name(), Amounts.bytes(one.size())))
                .toList();
    }

    /** One of the files that are listed, to keep and never to open here. */
    void artifact(Exchange exchange) throws IOException {
        var key = artifacts.find(build(exchange), exchange.query("key")).key();
        Download.start(exchange, key.substring(key.lastIndexOf('/') + 1), "application/octet-stream");
        try (var in = store.open(key);
                var out = exchange.response().outputStream()) {
            in.transferTo(out);
            out.flush();
        }
    }

    void cancel(Exchange exchange) {
        var build = build(exchange);
        BuildRoutes.cancel(builds, build, exchange.account().name());
        exchange.redirect("/builds/" + build.id());
    }

    void retry(Exchange exchange) {
        var build = build(exchange);
        var from = exchange.form().text("from");
        if (!build.state().ended()) {
            throw new Refusal(
                    409,
                    "the build is " + Shown.of(build.state()).word() + "; only one that has ended can be tried again",
                    "build",
                    build.id().value(),
                    "Wait for its end, or cancel it first.");
        }
        try {
            BuildRoutes.retry(
                    builds,
                    build,
                    from.isEmpty() ? null : stageNamed(from),
                    exchange.account().name());
        } catch (IllegalStateException e) {
            throw new Refusal(
                    409, String.valueOf(e.getMessage()), "build", build.id().value(), "Build it again.");
        }
        exchange.redirect("/builds/" + build.id());
    }

    void resign(Exchange exchange) {
        var build = build(exchange);
        if (!journal.facts(build.id()).has(ReleaseSealed.class)) {
            throw new Refusal(
                    409,
                    "the build has no release",
                    "build",
                    build.id().value(),
                    "Only what was sealed is signed anew.");
        }
        try {
            var again = builds.resign(build.id(), exchange.account().name());
            exchange.redirect("/builds/" + again.id());
        } catch (IllegalStateException e) {
            throw new Refusal(
                    409, String.valueOf(e.getMessage()), "build", build.id().value(), "Wait for its end.");
        }
    }

    void keepHost(Exchange exchange) {
        var build = build(exchange);
        BuildRoutes.keepHost(
                builds,
                build,
                "for",
                exchange.form().text("for"),
                exchange.account().name());
        exchange.redirect("/builds/" + build.id());
    }

    /** What the stages of the newest attempt are doing, in a sentence. */
    String sentence(Build build) {
        if (build.state().ended()) {
            return "The build has " + (build.state().good() ? "ended well: " : "ended: ")
                    + Shown.of(build.state()).word();
        }
        if (build.reason() != null) {
            return "The build waits: " + build.reason();
        }
        Map<StageState, List<String>> byState = journal.stageRuns(build.id(), build.attempt()).stream()
                .collect(Collectors.groupingBy(
                        StageRun::state, Collectors.mapping(run -> run.stage().title(), Collectors.toList())));
        var running = byState.getOrDefault(StageState.RUNNING, List.of());
        return byState.getOrDefault(StageState.DONE, List.of()).size() + " of " + StageName.values().length
                + " stages are done"
                + (running.isEmpty() ? "" : "; running: " + String.join(", ", running));
    }
}
