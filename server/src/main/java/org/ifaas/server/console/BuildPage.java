package org.ifaas.server.console;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.Removed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.suite.FlavorResults;
import org.ifaas.server.api.Artifacts;
import org.jspecify.annotations.Nullable;

/** One build: its stages as they overlap, the log of one of them, and all that is known of what it made. */
public final class BuildPage {
    private final Journal journal;
    private final ArtifactStore store;
    private final Artifacts artifacts;
    private final LogPart logs;
    private final InstantSource clock;

    BuildPage(Journal journal, ArtifactStore store, LogPart logs, InstantSource clock) {
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
            List<Row> summary,
            List<Row> parameters,
            List<Row> facts,
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
        var build = AskedBuild.find(journal, exchange);
        int attempt = AskedBuild.attempt(exchange, build);
        var facts = journal.facts(build.id());
        var runs = journal.stageRuns(build.id(), attempt);
        var now = clock.instant();
        var bars = Bar.of(build, attempt, runs, now);
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
                        Row.summary(build, facts),
                        Row.parameters(build.parameters()),
                        Row.facts(facts),
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

    /** The one that was asked for, else the one that failed, runs, or ran last. */
    private static StageName stage(Exchange exchange, List<StageRun> runs) {
        if (!exchange.query("stage").isEmpty()) {
            return AskedBuild.stage(exchange.query("stage"));
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

    private List<Artifact> artifacts(Build build) throws IOException {
        return artifacts.of(build).stream()
                .map(one -> new Artifact(one.key(), one.name(), Amounts.bytes(one.size())))
                .toList();
    }

    /** One of the files that are listed, to keep and never to open here. */
    void artifact(Exchange exchange) throws IOException {
        var key = artifacts
                .find(AskedBuild.find(journal, exchange), exchange.query("key"))
                .key();
        Download.start(exchange, key.substring(key.lastIndexOf('/') + 1), "application/octet-stream");
        try (var in = store.open(key);
                var out = exchange.response().outputStream()) {
            in.transferTo(out);
            out.flush();
        }
    }
}
