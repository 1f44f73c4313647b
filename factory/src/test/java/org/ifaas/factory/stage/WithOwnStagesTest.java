package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition.OwnStage;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.TestStage;
import org.junit.jupiter.api.Test;

class WithOwnStagesTest {
    private static final SshKey KEY = new SshKey(Path.of("key"), "ssh-ed25519 AAAA");
    private static final BuildHost HOST =
            new BuildHost(HostKind.QEMU, "h", "127.0.0.1", 22, "debian", null, "QEMU", Instant.EPOCH);

    private final List<String> ran = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private int exitCode;

    @Test
    void scriptsRunAroundTheStageThatTheyNameInTheOrderOfTheDefinition() throws Exception {
        run(
                new OwnStage("second", false, "build-image", "stages/b.sh"),
                new OwnStage("keys", true, "build-image", "stages/a.sh"),
                new OwnStage("third", false, "build-image", "stages/c.sh"),
                new OwnStage("other", true, "prepare-run", "stages/d.sh"));
        assertThat(ran).containsExactly("own-keys-1", "build-image", "own-second-1", "own-third-1");
        assertThat(commands.getFirst())
                .isEqualTo(new Command(
                        List.of("/src/tiny/stages/a.sh"),
                        Map.of(
                                "IFAAS_DEFINITION", "/src/tiny",
                                "IFAAS_IMAGE", "/run/tiny.qcow2",
                                "IFAAS_STAGE", "before build-image"),
                        "/src/tiny"));
    }

    @Test
    void theirLinesStandInTheStagesLogUnderAHeading() throws Exception {
        var log = run(new OwnStage("scan", false, "build-image", "stages/scan.sh"));
        assertThat(log)
                .containsExactly("== scan, after build-image: stages/scan.sh", "3 files scanned", "== scan is done");
    }

    @Test
    void oneThatFailsFailsTheStageAndBlamesTheImage() {
        exitCode = 3;
        var failure = catchThrowableOfType(
                StageFailure.class, () -> run(new OwnStage("scan", true, "build-image", "stages/scan.sh")));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessageContainingAll("scan", "stages/scan.sh", "exit code 3", "3 files scanned");
        assertThat(ran).containsExactly("own-scan-1");
    }

    @Test
    void aStageWithoutAnyIsAsItWas() throws Exception {
        assertThat(run()).isEmpty();
        assertThat(ran).containsExactly("build-image");
    }

    private List<String> run(OwnStage... own) throws StageFailure, InterruptedException {
        var log = new ArrayList<String>();
        new WithOwnStages<>(buildsNothing(), new OneHost()).run(new Logged(context(own), log::add));
        return log;
    }

    private static StageContext context(OwnStage... own) throws StageFailure {
        var inputs = Tiny.inputs(new OneImage("tiny").definition(List.of(own), List.of()), Tiny.RELEASE, "west");
        var plan = new BuildPlan(
                Map.of(),
                new Command(List.of("build"), Map.of("IFAAS_IMAGE", "/run/tiny.qcow2"), "/run"),
                "/run/tiny.qcow2",
                "/run/packages");
        var facts = new Facts(List.of(
                inputs,
                new HostSpawned(HOST, KEY),
                new SourcesCheckedOut("c0ffee", "/src/tiny"),
                new RunPrepared("/run", plan)));
        return new Standing(Tiny.build(), facts, Path.of("none"));
    }

    private record Logged(StageContext context, StageLog log) implements StageContext {
        @Override
        public Build build() {
            return context.build();
        }

        @Override
        public <F extends Fact> F fact(Class<F> type) {
            return context.fact(type);
        }

        @Override
        public <F extends Fact> Optional<F> find(Class<F> type) {
            return context.find(type);
        }

        @Override
        public <F extends Fact> Optional<F> first(Class<F> type) {
            return context.first(type);
        }

        @Override
        public Duration limit() {
            return context.limit();
        }

        @Override
        public Path folder() {
            return context.folder();
        }

        @Override
        public Instant now() {
            return context.now();
        }

        @Override
        public Lease lease() {
            return context.lease();
        }

        @Override
        public void checkLease() {}

        @Override
        public boolean failed() {
            return false;
        }
    }

    private record Nothing() implements Fact {}

    private Stage<Nothing> buildsNothing() {
        return new TestStage<>(StageName.BUILD_IMAGE, Nothing.class, Set.of(), context -> {
            ran.add(StageName.BUILD_IMAGE.slug());
            return new Nothing();
        });
    }

    private final class OneHost extends FollowedHost {
        OneHost() {
            super(KEY);
        }

        @Override
        public int follow(String id, Command command, StageLog log, Duration limit) {
            ran.add(id);
            commands.add(command);
            log.line("3 files scanned");
            return exitCode;
        }
    }
}
