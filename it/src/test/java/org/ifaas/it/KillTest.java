package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.StatusView;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The factory is killed in every stage of one build, with real hosts and a real guest, and carries on each time. */
@Tag("slow")
class KillTest {
    private static final List<String> STAGES = List.of(
            "initialize",
            "spawn-build-host",
            "connect-build-host",
            "check-out-sources",
            "configure-build-host",
            "prepare-run",
            "build-image",
            "register-private-image",
            "test-image",
            "sign-image",
            "hash-image",
            "copy-to-regions",
            "request-publication",
            "clean-up",
            "destroy-build-host");

    @Test
    void aFactoryThatIsKilledInEveryStageFinishesTheBuildAndLeavesNothing() throws Exception {
        var home = TestHome.make("kill");
        try (var factory = RunningFactory.in(home.path())) {
            var id = factory.build("{\"image\":\"busybox\"}").id();
            int kills = 0;
            for (var stage : STAGES) {
                var seen = factory.awaitBuild(id, build -> begun(build, stage));
                if (seen.ended() != null) {
                    break;
                }
                factory.kill();
                kills++;
                factory.startAgain();
                assertThat(factory.get("/status", StatusView.class).found()).anyMatch(found -> found.contains(id));
            }
            var build = factory.awaitEnd(id);
            assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
            assertThat(build.attempt()).isEqualTo(1);
            assertThat(kills).isGreaterThan(7);
            assertThat(starts(factory.log(id, "build-image")))
                    .as("the builder was started once")
                    .isOne();
        }
        home.assertNothingIsLeftAndRemove();
    }

    private static boolean begun(BuildView build, String stage) {
        return !RunningFactory.stage(build, stage).state().equals("WAITING");
    }

    /** The builder's script prints this line when it begins, once a start. */
    private static long starts(String log) {
        return log.lines()
                .filter(line -> line.startsWith("started at "))
                .distinct()
                .count();
    }
}
