package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ifaas.api.BuildView;
import org.ifaas.api.LogView;
import org.ifaas.api.StatusView;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The factory is killed in every stage of one build, with real hosts and a real guest, and carries on each time: when the
 * stage has begun, and in those that take long also in the midst of their work and when its effect is there but not yet
 * written down.
 */
@Tag("slow")
class KillTest {
    /** @param line of the stage's log that has to be there; empty for the stage's beginning */
    private record Moment(String stage, String line) {}

    private static final List<Moment> MOMENTS = List.of(
            new Moment("initialize", ""),
            new Moment("spawn-build-host", ""),
            new Moment("spawn-build-host", "is up at"),
            new Moment("connect-build-host", ""),
            new Moment("check-out-sources", ""),
            new Moment("configure-build-host", ""),
            new Moment("prepare-run", ""),
            new Moment("build-image", ""),
            new Moment("build-image", "started at"),
            new Moment("build-image", "copying the image"),
            new Moment("register-private-image", ""),
            new Moment("hash-image", ""),
            new Moment("test-image", ""),
            new Moment("test-image", "booting"),
            new Moment("test-image", "first login"),
            new Moment("sign-image", ""),
            new Moment("copy-to-regions", ""),
            new Moment("request-publication", ""),
            new Moment("clean-up", ""),
            new Moment("destroy-build-host", ""));

    @Test
    void aFactoryThatIsKilledInEveryStageFinishesTheBuildAndLeavesNothing() throws Exception {
        var home = TestHome.make("kill");
        try (var factory = RunningFactory.in(home.path())) {
            var id = factory.build("{\"image\":\"busybox\"}").id();
            var killed = new ArrayList<Moment>();
            for (var moment : MOMENTS) {
                var seen = factory.awaitBuild(id, build -> reached(factory, build, moment));
                if (seen.ended() != null) {
                    break;
                }
                factory.kill();
                killed.add(moment);
                factory.startAgain();
                var found = factory.get("/status", StatusView.class).found();
                // The last stage may have ended just before the kill.
                assertThat(found.stream().anyMatch(text -> text.contains(id))
                                || factory.show(id).ended() != null)
                        .as("what was found: %s", found)
                        .isTrue();
            }
            var build = factory.awaitEnd(id);
            assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
            assertThat(build.attempt()).isEqualTo(1);
            assertThat(killed)
                    .contains(
                            new Moment("spawn-build-host", ""),
                            new Moment("build-image", "started at"),
                            new Moment("test-image", "booting"));
            assertThat(starts(factory.log(id, "build-image")))
                    .as("the builder was started once, and its log tells it once")
                    .isOne();
            assertThat(RegionFolder.of(home.path(), "region-a").names()).hasSize(1);
            assertThat(RegionFolder.of(home.path(), "region-b").names()).hasSize(1);
        }
        home.assertNothingIsLeftAndRemove();
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

    /** Also when the stage is over already: it was too quick to be met in the midst. */
    private static boolean reached(RunningFactory factory, BuildView build, Moment moment)
            throws IOException, InterruptedException {
        var state = RunningFactory.stage(build, moment.stage()).state();
        if (!state.equals("RUNNING")) {
            return !state.equals("WAITING");
        }
        return moment.line().isEmpty()
                || factory.log(build.id(), moment.stage()).contains(moment.line());
    }

    /** The builder's script prints this line when it begins, once a start. */
    private static long starts(String log) {
        return log.lines().filter(line -> line.startsWith("started at ")).count();
    }
}
