package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ThreadReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ifaas.api.CheckView;
import org.ifaas.api.HostView;
import org.ifaas.api.LogView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.RequestView;
import org.ifaas.api.StatusView;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.it.Debugger.Place;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The factory is killed in every stage, with real hosts and real guests, and carries on each time. Three builds go side by side:
 * one is held where each stage begins, one in the midst of its work, one when its effect is there but not yet written down. None
 * gets past such a moment but by the factory's death there, so that none is missed.
 */
@Tag("slow")
@Order(3)
class KillTest {
    /** Which moments of its stages a build is held at; the first build that is seen takes the first. */
    private enum When {
        BEFORE,
        WITHIN,
        AFTER
    }

    private record Moment(When when, StageName stage, Place place) {}

    private static final String STAGE = "org.ifaas.factory.pipeline.RunningStage";
    private static final Place BEGINS = new Place(STAGE, "work");
    private static final Place HAS_RUN = new Place(STAGE + "$Made", "<init>");

    private static final List<Moment> WITHIN = List.of(
            within(StageName.INITIALIZE, "factory.stage.ChangeCheck", "inputs"),
            within(StageName.SPAWN_BUILD_HOST, "hosts.container.Launch", "answers"),
            within(StageName.CONNECT_BUILD_HOST, "hosts.ssh.KnownHosts", "write"),
            within(StageName.CHECK_OUT_SOURCES, "hosts.ssh.Transfer", "upload"),
            within(StageName.CONFIGURE_BUILD_HOST, "hosts.ssh.Detached", "part"),
            within(StageName.PREPARE_RUN, "hosts.ssh.Transfer", "upload"),
            within(StageName.BUILD_IMAGE, "hosts.ssh.Detached", "part"),
            within(StageName.BUILD_IMAGE, "hosts.ssh.Transfer$Coming", "keep"),
            within(StageName.REGISTER_PRIVATE_IMAGE, "storage.StoredBytes", "sha512"),
            within(StageName.TEST_IMAGE, "factory.stage.InstanceTests", "connect"),
            within(StageName.TEST_IMAGE, "factory.stage.InstanceTests", "inputs"),
            within(StageName.SIGN_IMAGE, "release.audit.HashdeepAuditor", "checksums"),
            within(StageName.HASH_IMAGE, "release.audit.ImageContents", "list"),
            within(StageName.COPY_TO_REGIONS, "factory.pipeline.Meanwhile", "result"),
            // The conversion's statement lies there, and the request is not yet made.
            within(StageName.REQUEST_PUBLICATION, "release.file.WholeFile", "forceFolder"),
            within(StageName.CLEAN_UP, "factory.stage.CleanUp", "removeTemporaryFiles"),
            within(StageName.DESTROY_BUILD_HOST, "hosts.container.Destruction", "removeFiles"));

    /** Who is not held by then waits for what another one holds, or is slow: its moments come later. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Set<Moment> left = ConcurrentHashMap.newKeySet();
    private final Set<Moment> held = ConcurrentHashMap.newKeySet();
    private final List<String> builds = new CopyOnWriteArrayList<>();

    private static Moment within(StageName stage, String type, String method) {
        return new Moment(When.WITHIN, stage, new Place("org.ifaas." + type, method));
    }

    private boolean holds(Place place, ThreadReference thread) throws IncompatibleThreadStateException {
        var frame = Debugger.within(thread, BEGINS);
        if (frame == null) {
            return false;
        }
        var stage = Objects.requireNonNull(frame.thisObject());
        var build = Debugger.text(stage, "context", "build", "id", "value");
        if (!builds.contains(build)) {
            builds.add(build);
        }
        var moment = new Moment(
                When.values()[builds.indexOf(build)],
                StageName.valueOf(Debugger.text(stage, "context", "stage", "name")),
                place);
        return left.contains(moment) && held.add(moment);
    }

    @Test
    void aFactoryThatIsKilledInEveryStageFinishesItsBuildsAndLeavesNothing() throws Exception {
        for (var stage : StageName.values()) {
            left.add(new Moment(When.BEFORE, stage, BEGINS));
            left.add(new Moment(When.AFTER, stage, HAS_RUN));
        }
        left.addAll(WITHIN);
        var places = left.stream().map(Moment::place).collect(Collectors.toSet());
        var home = TestHome.make("kill");
        Files.writeString(
                home.path().resolve("ifaas.yaml"), """
                builds: {parallel: 3}
                regions:
                  - {name: region-a, directory: %1$s/region-a}
                  - {name: region-b, directory: %1$s/region-b, disk_format: raw}
                """.formatted(home.path().resolve("regions")));
        try (var debugger = new Debugger(places, this::holds);
                var factory = RunningFactory.watchedBy(debugger, home.path())) {
            for (var _ : When.values()) {
                factory.build("{\"image\":\"busybox\",\"host\":\"container\",\"force\":true}");
            }
            while (!left.isEmpty()) {
                var patience = Instant.now().plus(PATIENCE);
                RunningFactory.await(
                        "all are held whose moments are left",
                        () -> allAreHeld(factory)
                                || !held.isEmpty() && Instant.now().isAfter(patience));
                var killedAt = Set.copyOf(held);
                factory.kill();
                debugger.hearOut();
                held.clear();
                left.removeAll(killedAt);
                factory.startAgain();
                for (var id : builds) {
                    assertIsFound(id, factory);
                }
                assertThat(factory.get("/hosts", HostView[].class))
                        .extracting(HostView::name)
                        .doesNotHaveDuplicates()
                        .hasSizeLessThanOrEqualTo(3);
            }
            for (var id : builds) {
                var build = factory.awaitEnd(id);
                assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
                assertThat(build.attempt()).isEqualTo(1);
                assertThat(starts(factory.log(id, "build-image")))
                        .as("the builder was started once, and its log tells it once")
                        .isOne();
                assertThat(Path.of(build.release().folder(), "statements")
                                .toFile()
                                .list())
                        .containsExactly("raw.intoto.json");
            }
            for (var release : factory.get("/releases", ReleaseView[].class)) {
                assertThat(factory.post("/releases/" + release.id() + "/verify", "", CheckView[].class))
                        .isNotEmpty()
                        .allSatisfy(check ->
                                assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
            }
            assertThat(factory.get("/requests", RequestView[].class))
                    .extracting(RequestView::build)
                    .containsExactlyInAnyOrderElementsOf(builds);
            assertThat(factory.get("/hosts", HostView[].class)).isEmpty();
            for (var region : List.of("region-a", "region-b")) {
                assertThat(RegionFolder.of(home.path(), region).names())
                        .hasSize(3)
                        .doesNotHaveDuplicates();
            }
        }
        home.assertNothingIsLeftAndRemove();
    }

    private static void assertIsFound(String id, RunningFactory factory) throws IOException, InterruptedException {
        var found = factory.get("/status", StatusView.class).found();
        // It may have ended while others were waited for.
        assertThat(found.stream().anyMatch(text -> text.contains(id))
                        || factory.show(id).ended() != null)
                .as("what was found: %s", found)
                .isTrue();
    }

    private boolean allAreHeld(RunningFactory factory) {
        var going = left.stream().map(Moment::when).collect(Collectors.toSet());
        for (int i = 0; i < builds.size(); i++) {
            if (going.contains(When.values()[i])) {
                assertGoesOn(builds.get(i), factory);
            }
        }
        held.forEach(moment -> going.remove(moment.when()));
        return going.isEmpty();
    }

    private void assertGoesOn(String id, RunningFactory factory) {
        try {
            var build = factory.show(id);
            assertThat(build.ended())
                    .as("%s is %s, %s, and was not held at all of %s", id, build.state(), build.reason(), left)
                    .isNull();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLogGoesOnWhereItWasWithNoLineLostAndNoneTwice() throws Exception {
        var home = TestHome.make("kill-log");
        var definitions = Definitions.in(home.path().resolve("definitions")).script("talker", 8, """
                #!/bin/bash
                set -eu
                for ((i = 0; i < 200; i++)); do
                    for ((j = 0; j < 500; j++)); do echo "line $((i * 500 + j)) of many"; done
                    sleep 0.1
                done
                qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                printf 'talker\\t1\\tall\\ttalker\\n' >"$IFAAS_PACKAGES"
                """);
        definitions.commit();
        try (var factory = RunningFactory.in(
                home.path(), "--config", definitions.configuration("").toString())) {
            var id = factory.build("{\"image\":\"talker\",\"runTests\":false,\"force\":true,\"host\":\"container\"}")
                    .id();
            var log = new ArrayList<LogView>();
            for (int bytes : new int[] {200_000, 900_000, 1_600_000}) {
                factory.awaitBuild(id, build -> read(factory, id, log) > bytes);
                factory.kill();
                factory.startAgain();
            }
            var build = factory.awaitEnd(id);
            assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
            log.clear();
            read(factory, id, log);
            assertThat(log.stream().flatMap(part -> part.text().lines()).filter(line -> line.endsWith(" of many")))
                    .isEqualTo(IntStream.range(0, 100_000)
                            .mapToObj("line %d of many"::formatted)
                            .toList());
        }
        home.assertNothingIsLeftAndRemove();
    }

    @Test
    void aMirrorThatFailedBeforeTheFactoryWasKilledIsToBlameAfterwards() throws Exception {
        var home = TestHome.make("kill-mirror");
        var definitions = Definitions.in(home.path().resolve("definitions"))
                .script("mirrored", 8, "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
                        echo 'E: Failed to fetch http://mirror.invalid/debian  Hash Sum mismatch'
                        while [ ! -e "$let_go" ]; do sleep 0.2; done
                        echo 'E: mmdebstrap failed to run'
                        exit 100
                        """);
        definitions.commit();
        try (var factory = RunningFactory.in(
                home.path(),
                "--config",
                definitions.configuration("builds: {attempts: 1}\n").toString())) {
            var id = factory.build("{\"image\":\"mirrored\",\"runTests\":false,\"host\":\"container\"}")
                    .id();
            factory.awaitBuild(id, build -> factory.log(id, "build-image").contains("Hash Sum mismatch"));
            factory.kill();
            Definitions.letGo(id);
            factory.startAgain();
            var failed = RunningFactory.stage(factory.awaitEnd(id), "build-image");
            assertThat(failed.blame()).as(failed.message()).isEqualTo("CLOUD");
            assertThat(failed.message()).contains("exit code 100", "a mirror failed: E: Failed to fetch");
        }
        home.assertNothingIsLeftAndRemove();
    }

    /** Reads on, and says how far that was. */
    private static long read(RunningFactory factory, String id, List<LogView> log)
            throws IOException, InterruptedException {
        while (true) {
            long from = log.isEmpty() ? 0 : log.getLast().next();
            var part = factory.get("/builds/" + id + "/logs/build-image?offset=" + from, LogView.class);
            if (part.text().isEmpty()) {
                return from;
            }
            log.add(part);
        }
    }

    /** The builder's script prints this line when it begins, once a start. */
    private static long starts(String log) {
        return log.lines().filter(line -> line.startsWith("started at ")).count();
    }
}
