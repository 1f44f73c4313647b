package org.ifaas.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.chore.Reaper;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaHosts;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.openstack.nova.Placement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a crash or an unreachable cloud leaves behind, and the reaper. */
class ReaperInCloudTest {
    private static final Names NAMES = new Names("f4c70r");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private FakeCloud cloud;
    private NovaHosts hosts;
    private GlanceRegion region;
    private Reaper reaper;

    @BeforeEach
    void start() throws IOException {
        InstantSource clock = () -> now;
        cloud = new FakeCloud(clock);
        cloud.glance("one")
                .put(JsonMapper.shared()
                        .createObjectNode()
                        .put("id", "11111111-2222-3333-4444-555555555555")
                        .put("name", "Debian 12")
                        .put("status", "active")
                        .put("os_hidden", false));
        var placement = new Placement(
                "one",
                "lab",
                null,
                "192.0.2.7/32",
                null,
                "Debian 12",
                "m1.build",
                0,
                null,
                1,
                null,
                Duration.ofMinutes(10));
        Pause pause = cloud.pause();
        hosts = new NovaHosts(cloud.client(), placement, NAMES, pause, clock);
        region = new GlanceRegion(
                "fake.one", cloud.client().service("image", "one"), "f4c70r", GlancePolicy.defaults(), pause);
        reaper = new Reaper(
                journal,
                new BuildHosts(List.of(hosts)),
                new Instances(List.of(new NovaTestInstances(cloud.client(), placement, NAMES, pause, clock))),
                Handovers.overSsh(),
                new Registries(List.of(region)),
                requests,
                NAMES,
                clock);
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    private Build build() {
        var build = journal.create(BuildId.random(), Parameters.of("debian-12"), "anna", now);
        journal.take(build.id(), now);
        return journal.find(build.id()).orElseThrow();
    }

    private void end(Build build, BuildState state) {
        journal.end(journal.take(build.id(), now), state, null, now);
    }

    private String host(Build build) throws Exception {
        var name = NAMES.buildHost(build);
        hosts.spawn(
                new HostRequest(
                        name, "debian-12", new HostSize(1, 512, 1), List.of(), List.of(), key("user"), key("host")),
                text -> {});
        return name;
    }

    private SshKey key(String name) throws IOException {
        return new SshKey(Files.writeString(folder.resolve(name), "private"), "ssh-ed25519 AAAA" + name + " x");
    }

    private String image(Build build) throws Exception {
        var file = Files.write(folder.resolve(build.id() + ".qcow2"), new byte[] {1, 2, 3});
        var sha512 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(new byte[] {1, 2, 3}));
        var measured = new Measured(3, new Digests("", "", sha512));
        var name = "Standard_Debian_12_20261122-" + build.id();
        return region.register(new NewImage(name, file, measured, Map.of()), text -> {})
                .ref()
                .id();
    }

    @Test
    void what_no_live_build_owns_goes_when_it_was_seen_twice() throws Exception {
        var live = host(build());
        var over = build();
        host(over);
        end(over, BuildState.FAILED);
        reaper.round();
        assertThat(hosts.list()).hasSize(2);
        assertThat(reaper.holdsInClouds()).isTrue();
        reaper.round();
        assertThat(hosts.list()).containsExactly(live);
        assertThat(cloud.nova.keypairs()).containsOnlyKeys(live);
        assertThat(cloud.neutron.all("security-groups")).hasSize(1);
        assertThat(reaper.left()).isEmpty();
    }

    @Test
    void what_is_of_a_build_that_the_journal_has_never_known_stays_and_is_told() throws Exception {
        var another = new InMemoryJournal().create(BuildId.random(), Parameters.of("debian-12"), "anna", now);
        var name = host(another);
        reaper.round();
        reaper.round();
        assertThat(hosts.list()).containsExactly(name);
        assertThat(reaper.left()).singleElement().satisfies(left -> {
            assertThat(left.name()).isEqualTo(name);
            assertThat(left.why()).contains("never known build " + another.id());
            assertThat(left.mend()).contains("hosts destroy " + name);
        });
    }

    @Test
    void images_of_builds_that_ended_badly_go_and_those_of_good_ones_stay() throws Exception {
        var good = build();
        var bad = build();
        var live = build();
        var kept = List.of(image(good), image(live));
        var gone = image(bad);
        end(good, BuildState.SUCCEEDED);
        end(bad, BuildState.FAILED);
        reaper.round();
        assertThat(region.find(gone)).isPresent();
        reaper.round();
        assertThat(region.find(gone)).isEmpty();
        assertThat(kept).allMatch(id -> {
            try {
                return region.find(id).isPresent();
            } catch (Exception e) {
                return false;
            }
        });
    }

    @Test
    void an_image_that_may_be_published_stays_although_a_retry_of_its_build_has_failed() throws Exception {
        var rejected = build();
        var asked = build();
        var gone = image(rejected);
        var kept = image(asked);
        for (var build : List.of(rejected, asked)) {
            requests.create(
                    journal.take(build.id(), now),
                    PublicationRequest.pending(
                            build.id(), "debian-12", "s", "Debian 12", "ab", List.of(), "anna", now));
            end(build, BuildState.FAILED);
        }
        requests.decide(
                rejected.id(),
                PublicationRequest.State.PENDING,
                PublicationRequest.State.REJECTED,
                "bea",
                null,
                "no",
                now);
        reaper.round();
        reaper.round();
        assertThat(region.find(gone)).isEmpty();
        assertThat(region.find(kept)).isPresent();
    }

    @Test
    void what_can_not_be_removed_stays_visible_with_its_age_until_it_is_gone() throws Exception {
        var over = build();
        var name = host(over);
        end(over, BuildState.FAILED);
        cloud.answer("DELETE .*/servers/.*", 99, 409, Map.of(), "{\"conflictingRequest\": {\"message\": \"locked\"}}");
        reaper.round();
        var first = now;
        reaper.round();
        now = now.plus(Duration.ofHours(3));
        reaper.round();
        assertThat(reaper.left()).singleElement().satisfies(left -> {
            assertThat(left.where()).isEqualTo("cloud fake");
            assertThat(left.name()).isEqualTo(name);
            assertThat(left.since()).isEqualTo(first);
            assertThat(left.why()).contains("locked");
        });
        cloud.well();
        reaper.round();
        assertThat(reaper.left()).isEmpty();
        assertThat(hosts.list()).isEmpty();
    }

    @Test
    void a_cloud_that_is_down_removes_nothing_from_sight() throws Exception {
        var over = build();
        host(over);
        end(over, BuildState.FAILED);
        cloud.answer("DELETE .*/servers/.*", 99, 409, Map.of(), "{\"conflictingRequest\": {\"message\": \"locked\"}}");
        reaper.round();
        reaper.round();
        assertThat(reaper.left()).hasSize(1);
        cloud.answer("GET .*", 999, 503, Map.of(), "");
        reaper.round();
        assertThat(reaper.left()).hasSize(1);
        assertThat(reaper.holdsInClouds()).isTrue();
    }

    @Test
    void others_servers_are_never_touched() throws Exception {
        host(build());
        var stranger = cloud.nova.copy(cloud.nova.servers().getFirst());
        stranger.put("name", "ifaas-other0-k3f9x2ma-h1");
        reaper.round();
        reaper.round();
        reaper.round();
        assertThat(cloud.nova.servers()).hasSize(2);
    }
}
