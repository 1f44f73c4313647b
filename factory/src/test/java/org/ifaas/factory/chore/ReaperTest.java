package org.ifaas.factory.chore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.publish.InMemoryRequests;
import org.junit.jupiter.api.Test;

class ReaperTest {
    private static final Names NAMES = new Names("f4c70r");
    private static final Instant ENDED = Instant.parse("2026-11-30T10:00:00Z");

    private final InMemoryJournal journal = new InMemoryJournal();
    private final Hosts hosts = new Hosts();
    private Instant now = ENDED;
    private final Reaper reaper = new Reaper(
            journal,
            new BuildHosts(List.of(hosts)),
            new Instances(List.of()),
            Handovers.overSsh(),
            new Registries(List.of()),
            new InMemoryRequests(journal),
            NAMES,
            () -> now);

    /** @return the name of its host */
    private String build(BuildState state) {
        var build = journal.create(BuildId.random(), Parameters.of("tiny"), "anna", ENDED);
        var lease = journal.take(build.id(), ENDED);
        if (state.ended()) {
            journal.end(lease, state, null, ENDED);
        }
        hosts.names.add(NAMES.buildHost(build));
        return NAMES.buildHost(build);
    }

    private BuildId of(String host) {
        return NAMES.buildOf(host).orElseThrow();
    }

    private String kept(Duration howLong) {
        var host = build(BuildState.FAILED);
        journal.record(of(host), new HostDestroyed(ENDED.plus(howLong)), ENDED);
        return host;
    }

    private List<String> after(Duration time) throws InterruptedException {
        now = ENDED.plus(time);
        reaper.round();
        return hosts.names;
    }

    @Test
    void a_kept_host_stays_for_its_time_and_no_longer() throws Exception {
        var host = kept(Duration.ofHours(4));
        assertThat(after(Duration.ZERO)).containsExactly(host);
        assertThat(after(Duration.ofHours(2))).containsExactly(host);
        assertThat(after(Duration.ofHours(4))).containsExactly(host);
        assertThat(after(Duration.ofHours(4).plusMillis(1))).isEmpty();
    }

    @Test
    void each_of_several_has_its_own_time() throws Exception {
        var first = kept(Duration.ofMinutes(1));
        var last = kept(Duration.ofDays(7));
        assertThat(after(Duration.ofMinutes(1))).containsExactly(first, last);
        assertThat(after(Duration.ofDays(1))).containsExactly(last);
        assertThat(after(Duration.ofDays(8))).isEmpty();
    }

    @Test
    void one_that_can_not_be_destroyed_then_is_shown_and_tried_until_it_is_gone() throws Exception {
        var host = kept(Duration.ofHours(1));
        hosts.stuck = true;
        var over = Duration.ofHours(2);
        assertThat(after(over)).containsExactly(host);
        after(Duration.ofHours(3));
        assertThat(reaper.left()).singleElement().satisfies(left -> {
            assertThat(left.name()).isEqualTo(host);
            assertThat(left.since()).isEqualTo(ENDED.plus(over));
            assertThat(left.why()).contains("busy");
        });
        hosts.stuck = false;
        assertThat(after(Duration.ofHours(3))).isEmpty();
        assertThat(reaper.left()).isEmpty();
    }

    @Test
    void one_that_nobody_keeps_goes_when_it_was_seen_twice_and_one_of_a_live_build_stays() throws Exception {
        var live = build(BuildState.RUNNING);
        var over = build(BuildState.SUCCEEDED);
        assertThat(after(Duration.ZERO)).containsExactly(live, over);
        assertThat(after(Duration.ofMillis(1))).containsExactly(live);
        assertThat(after(Duration.ofDays(9))).containsExactly(live);
    }

    /** Hosts that are names. */
    private static final class Hosts implements HostProvider {
        private final List<String> names = new ArrayList<>();
        private boolean stuck;

        @Override
        public HostKind kind() {
            return HostKind.CONTAINER;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "names", "");
        }

        @Override
        public BuildHost spawn(HostRequest request, StageLog log) {
            throw new UnsupportedOperationException("a reaper spawns nothing");
        }

        @Override
        public Optional<BuildHost> find(String name) {
            throw new UnsupportedOperationException("a reaper needs no address");
        }

        @Override
        public void destroy(String name) throws StageFailure {
            if (stuck) {
                throw new StageFailure(Blame.HOST, name + " is busy", "Wait.");
            }
            names.remove(name);
        }

        @Override
        public List<String> list() {
            return List.copyOf(names);
        }
    }
}
