package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.definition.ImageDefinition.OwnStage;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Pipeline;
import org.ifaas.factory.pipeline.Pipelines;
import org.ifaas.factory.pipeline.Policy;
import org.ifaas.factory.pipeline.Runner;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.pipeline.TestStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Own stages in a pipeline that runs, after the image is built: what waits for them, and what a retry makes anew. */
@Timeout(60)
class OwnStagesInBuildTest {
    private static final SshKey KEY = new SshKey(Path.of("key"), "ssh-ed25519 AAAA");
    private static final Measured MEASURED = new Measured(1, new Digests("md5", "5ha256", "5ha512"));

    @TempDir
    Path folder;

    private final InMemoryJournal journal = new InMemoryJournal();
    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> exitCodes = new HashMap<>();
    private final List<Command> commands = Collections.synchronizedList(new ArrayList<>());
    private final Build build = journal.create(BuildId.random(), Parameters.of("tiny"), "anna", Standing.NOW);
    private List<OwnStage> own = List.of();
    private boolean hostIsThere;

    @Test
    void whatDependsOnAStageWaitsForTheScriptsAfterIt() throws Exception {
        own = List.of(
                new OwnStage("scan", false, "sign-image", "scan.sh"),
                new OwnStage("ask", true, "request-publication", "ask.sh"),
                new OwnStage("list", true, "hash-image", "list.sh"));
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(ran)
                .containsExactly(
                        "initialize",
                        "spawn-build-host",
                        "check-out-sources",
                        "build-image",
                        "own-list-1",
                        "hash-image",
                        "sign-image",
                        "own-scan-1",
                        "own-ask-1",
                        "request-publication",
                        "clean-up",
                        "destroy-build-host");
        assertThat(commands.getFirst().environment())
                .isEqualTo(Map.of(
                        "IFAAS_DEFINITION", "/src/tiny",
                        "IFAAS_STAGE", "before hash-image",
                        "IFAAS_SERIAL", Tiny.SERIAL,
                        "IFAAS_SHA256", "5ha256"));
    }

    @Test
    void oneThatFailsHoldsThePublicationUpAndIsTheImagesFault() throws Exception {
        own = List.of(new OwnStage("scan", false, "sign-image", "scan.sh"));
        exitCodes.put("own-scan-1", 3);
        assertThat(carry().state()).isEqualTo(BuildState.FAILED);
        assertThat(ran).doesNotContain("request-publication").endsWith("clean-up", "destroy-build-host");
        assertThat(run(StageName.SIGN_IMAGE).state()).isEqualTo(StageState.FAILED);
        assertThat(run(StageName.SIGN_IMAGE).blame()).isEqualTo(Blame.IMAGE);
        assertThat(run(StageName.SIGN_IMAGE).message()).contains("own stage scan", "after sign-image", "exit code 3");
    }

    @Test
    void aRetryHasAHostAgainForTheScriptsAndKeepsTheImage() throws Exception {
        own = List.of(new OwnStage("scan", false, "sign-image", "scan.sh"));
        exitCodes.put("own-scan-1", 3);
        carry();
        ran.clear();
        retry();
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(ran)
                .containsExactly(
                        "spawn-build-host",
                        "check-out-sources",
                        "sign-image",
                        "own-scan-2",
                        "request-publication",
                        "clean-up",
                        "destroy-build-host");
    }

    @Test
    void aRetryOfWhatHasNoScriptsSpawnsNoHost() throws Exception {
        own = List.of(new OwnStage("list", true, "hash-image", "list.sh"));
        carry();
        ran.clear();
        new Builds(journal, id -> {}, pipelines(), new InMemoryAuditLog(() -> Standing.NOW), () -> Standing.NOW)
                .retry(build.id(), StageName.REQUEST_PUBLICATION, "anna");
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(ran).containsExactly("request-publication", "clean-up", "destroy-build-host");
    }

    private void retry() throws StageFailure {
        new Builds(journal, id -> {}, pipelines(), new InMemoryAuditLog(() -> Standing.NOW), () -> Standing.NOW)
                .retry(build.id(), null, "anna");
    }

    private Build carry() throws Exception {
        var policy =
                new Policy(1, Duration.ZERO, Policy.defaults().limits(), Duration.ofSeconds(10), Duration.ofMillis(5));
        new Runner(journal, new InMemoryLogs(), pipelines(), policy, of -> folder, () -> Standing.NOW)
                .carry(build.id());
        return journal.find(build.id()).orElseThrow();
    }

    private StageRun run(StageName stage) {
        return journal.stageRuns(build.id(), 1).stream()
                .filter(run -> run.stage() == stage)
                .findFirst()
                .orElseThrow();
    }

    private Pipelines pipelines() {
        var built = new ImageBuilt("image", MEASURED, 1, "packages", 1, Standing.NOW, Standing.NOW, List.of());
        var sealed = new ReleaseSealed(Tiny.RELEASE, "sums", "key", Standing.NOW, List.of());
        var host = new BuildHost(HostKind.QEMU, "h", "127.0.0.1", 22, "debian", null, "QEMU", Instant.EPOCH);
        return new Pipelines(Map.of(
                Kind.BUILD,
                new Pipeline(List.of(
                        stage(StageName.INITIALIZE, Inputs.class, Set.of(), Set.of(), context -> inputs()),
                        stage(
                                StageName.SPAWN_BUILD_HOST,
                                HostSpawned.class,
                                Set.of(Inputs.class),
                                Set.of(Inputs.class),
                                context -> {
                                    hostIsThere = true;
                                    return new HostSpawned(host, KEY);
                                }),
                        own(
                                StageName.CHECK_OUT_SOURCES,
                                SourcesCheckedOut.class,
                                Set.of(HostSpawned.class),
                                Set.of(HostSpawned.class),
                                context -> new SourcesCheckedOut("c0ffee", "/src/tiny")),
                        own(
                                StageName.BUILD_IMAGE,
                                ImageBuilt.class,
                                Set.of(SourcesCheckedOut.class),
                                Set.of(Inputs.class),
                                context -> built),
                        own(
                                StageName.SIGN_IMAGE,
                                ReleaseSealed.class,
                                Set.of(ImageHashed.class),
                                Set.of(ImageHashed.class),
                                context -> sealed),
                        own(
                                StageName.HASH_IMAGE,
                                ImageHashed.class,
                                Set.of(ImageBuilt.class),
                                Set.of(ImageBuilt.class),
                                context -> new ImageHashed(null, 0)),
                        own(
                                StageName.REQUEST_PUBLICATION,
                                PublicationRequested.class,
                                Set.of(ReleaseSealed.class),
                                Set.of(ReleaseSealed.class),
                                context -> new PublicationRequested(true, "asked")),
                        stage(
                                StageName.CLEAN_UP,
                                CleanedUp.class,
                                Set.of(),
                                Set.of(),
                                context -> new CleanedUp(List.of())),
                        stage(StageName.DESTROY_BUILD_HOST, HostDestroyed.class, Set.of(), Set.of(), context -> {
                            hostIsThere = false;
                            return new HostDestroyed(null);
                        })))));
    }

    private Inputs inputs() {
        return Tiny.inputs(new OneImage("tiny").definition(own, List.of()), Tiny.RELEASE, "west");
    }

    private <F extends Fact> Stage<F> own(
            StageName name,
            Class<F> makes,
            Set<Class<? extends Fact>> needs,
            Set<Class<? extends Fact>> restsOn,
            TestStage.Work<F> fact) {
        return new WithOwnStages<>(stage(name, makes, needs, restsOn, fact), new OneHost());
    }

    private <F extends Fact> Stage<F> stage(
            StageName name,
            Class<F> makes,
            Set<Class<? extends Fact>> needs,
            Set<Class<? extends Fact>> restsOn,
            TestStage.Work<F> fact) {
        return new TestStage<>(name, makes, needs, restsOn, fact) {
            @Override
            public F run(StageContext context) throws StageFailure, InterruptedException {
                ran.add(name.slug());
                return super.run(context);
            }

            @Override
            public boolean holds(F standing, StageContext context) {
                return name != StageName.SPAWN_BUILD_HOST || hostIsThere;
            }
        };
    }

    private final class OneHost extends FollowedHost {
        OneHost() {
            super(KEY);
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) {
            assertThat(hostIsThere).as("a host to run it on").isTrue();
            return this;
        }

        @Override
        public int follow(String id, Command command, StageLog log, Duration limit) {
            ran.add(id);
            commands.add(command);
            return exitCodes.getOrDefault(id, 0);
        }
    }
}
