package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.api.BuildView;
import org.ifaas.api.HostView;
import org.ifaas.store.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes of one factory: one database, one shared folder, build hosts on each one's own machine. */
@Tag("slow")
class NodesTest {
    private static final TestHome FIRST = TestHome.make("node-a");
    private static final TestHome SECOND = TestHome.make("node-b");
    private static final TestHome SHARED = TestHome.make("nodes");

    private static final String HELD = "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
            echo begun
            while [ ! -e "$let_go" ]; do
                sleep 0.2
            done
            qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
            printf 'held\\t1\\tall\\theld\\n' >"$IFAAS_PACKAGES"
            """;

    private static EmbeddedPostgres database;
    private static RunningFactory a;
    private static RunningFactory b;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedPostgres.start(
                SHARED.path().resolve("database"), SHARED.path().resolve("postgresql"));
        var definitions = Definitions.in(SHARED.path().resolve("definitions"));
        definitions.script("one", 8, HELD).script("two", 8, HELD);
        definitions.commit();
        var configuration = definitions.configuration("""
                shared: '%s'
                database: {url: 'jdbc:postgresql://127.0.0.1:%s?user=%s&password=%s'}
                builds: {parallel: 1, heartbeat: 1s, wait_for_node: 20s}
                reaper: {every: 1s}
                """.formatted(
                        SHARED.path().resolve("mount"),
                        database.address().jdbcUrl().replaceFirst(".*:", ""),
                        database.address().user(),
                        database.address().password()));
        a = RunningFactory.in(FIRST.path(), "--config", configuration.toString());
        b = RunningFactory.in(SECOND.path(), "--config", configuration.toString());
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        a.close();
        b.close();
        database.close();
        FIRST.assertNothingIsLeftAndRemove();
        SECOND.assertNothingIsLeftAndRemove();
        SHARED.assertNothingIsLeftAndRemove();
    }

    private static BuildView begun(String image) throws Exception {
        var id = a.build("{\"image\":\"%s\",\"runTests\":false,\"force\":true,\"host\":\"container\"}".formatted(image))
                .id();
        return a.awaitBuild(id, build -> a.log(id, "build-image").contains("begun"));
    }

    /** The node whose machine has the build's host. */
    private static RunningFactory nodeOf(BuildView build) throws Exception {
        for (var node : new RunningFactory[] {a, b}) {
            for (var host : node.get("/hosts", HostView[].class)) {
                if (build.id().equals(host.build())) {
                    var first =
                            Files.readString(FIRST.path().resolve("node-id")).strip();
                    return host.detail().endsWith(", on node-" + first) ? a : b;
                }
            }
        }
        throw new AssertionError("nobody knows of a host of " + build.id());
    }

    private static long starts(String log) {
        return log.lines().filter(line -> line.startsWith("started at")).count();
    }

    /** All that runs of a build's host ends with its machine. */
    private static void cutPower(String build) throws Exception {
        for (var process : ProcessHandle.allProcesses().toList()) {
            var line = Path.of("/proc/" + process.pid() + "/cmdline");
            if (Files.exists(line) && Files.readString(line).contains("-" + build + "-h")) {
                process.destroyForcibly();
                process.onExit().get();
            }
        }
    }

    @Test
    void theyShareTheWorkEachFollowsTheOthersLogsAndABuildSurvivesTheRestartOrTheLossOfItsNode() throws Exception {
        var one = begun("one");
        var two = begun("two");
        var first = nodeOf(one);
        var second = nodeOf(two);
        assertThat(first).as("each carries one").isNotSameAs(second);
        assertThat(Files.readString(SHARED.path().resolve("mount/factory-id"))).isNotBlank();
        // The log of a build is written by the one and followed at the other.
        assertThat(second.log(one.id(), "build-image")).contains("begun\n");

        // A rolling restart: what is on its machine waits for the node and goes on where it was.
        first.close();
        assertThat(second.show(one.id()).ended()).isNull();
        assertThat(second.get("/hosts", HostView[].class))
                .extracting(HostView::build)
                .containsExactlyInAnyOrder(one.id(), two.id());
        first.startAgain();
        Definitions.letGo(one.id());
        var ended = second.awaitEnd(one.id());
        assertThat(ended.state()).as(ended.reason()).isEqualTo("SUCCEEDED");
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(starts(second.log(one.id(), "build-image"))).isEqualTo(1);

        // A machine that does not come back: another begins the build anew.
        var lost = begun("two");
        var dies = nodeOf(lost);
        var lives = dies == a ? b : a;
        Definitions.letGo(two.id());
        lives.awaitEnd(two.id());
        dies.kill();
        cutPower(lost.id());
        Definitions.letGo(lost.id());
        var anew = lives.awaitEnd(lost.id());
        assertThat(anew.state()).as(anew.reason()).isEqualTo("SUCCEEDED");
        assertThat(Path.of(anew.release().folder())).isDirectory();
        // The host that was left there goes when the machine is back.
        dies.startAgain();
        RunningFactory.await("the lost host is gone", () -> {
            try {
                return dies.get("/hosts", HostView[].class).length == 0;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }
}
