package org.ifaas.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.fake.FakeCloud;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class NovaHostsTest {
    private static final String NAME = "ifaas-f4c70r-k3f9x2ma-h1";
    private static final String OTHER = "ifaas-f4c70r-k3f9x2mb-h1";
    private static final String POST = "POST /one/compute/v2.1/servers";
    private static final Names NAMES = new Names("f4c70r");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    /** How long each look at the cloud takes. */
    private Duration slow = Duration.ZERO;

    private FakeCloud cloud;
    private NovaHosts hosts;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(() -> now);
        cloud.glance("one")
                .put(JsonMapper.shared()
                        .createObjectNode()
                        .put("id", "11111111-2222-3333-4444-555555555555")
                        .put("name", "Debian 12")
                        .put("status", "active")
                        .put("os_hidden", false));
        hosts = hosts(placement(null, 0));
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    private NovaHosts hosts(Placement placement) {
        Pause pause = time -> now = now.plus(time).plus(slow);
        return new NovaHosts(cloud.client(), placement, NAMES, pause, () -> now);
    }

    static Placement placement(@Nullable String floating, int volume) {
        return new Placement(
                "one",
                "lab",
                floating,
                "192.0.2.7/32",
                "az1",
                "Debian 12",
                "m1.build",
                volume,
                null,
                1,
                null,
                Duration.ofMinutes(10));
    }

    private HostRequest request() throws IOException {
        return request(NAME);
    }

    private HostRequest request(String name) throws IOException {
        return new HostRequest(
                name, "debian-12", new HostSize(2, 2048, 10), List.of(), List.of(), key("user"), key("host"));
    }

    private SshKey key(String name) throws IOException {
        var file = Files.writeString(folder.resolve(name), "private " + name);
        return new SshKey(file, "ssh-ed25519 AAAA" + name + " a comment\n");
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(cloud.nova.servers()).isEmpty();
        assertThat(cloud.nova.keypairs()).isEmpty();
        for (var kind : List.of("ports", "security-groups", "floatingips")) {
            assertThat(cloud.neutron.all(kind)).as(kind).isEmpty();
        }
        assertThat(cloud.cinder.volumes()).isEmpty();
        assertThat(hosts.list()).isEmpty();
    }

    @Test
    void a_host_is_made_with_all_that_belongs_to_it_found_and_removed_whole() throws Exception {
        assertThat(hosts.availability().available())
                .as(hosts.availability().detail())
                .isTrue();
        var host = hosts.spawn(request(), log::add);
        assertThat(host.kind()).isEqualTo(HostKind.NOVA);
        assertThat(host.hostKey()).isEqualTo("ssh-ed25519 AAAAhost");
        assertThat(host.address()).startsWith("10.77.0.");
        assertThat(host.user()).isEqualTo("root");
        var server = cloud.nova.servers().getFirst();
        assertThat(server.path("name").asString()).isEqualTo(NAME);
        assertThat(server.path("tags").toString()).contains("ifaas-factory-f4c70r", "ifaas-build-k3f9x2ma");
        assertThat(server.path("availability_zone").asString()).isEqualTo("az1");
        assertThat(server.path("config_drive").asBoolean()).isTrue();
        var userData =
                new String(Base64.getDecoder().decode(server.path("user_data").asString()), StandardCharsets.UTF_8);
        assertThat(userData)
                .startsWith("#cloud-config")
                .contains("private host", "AAAAuser", "PermitRootLogin prohibit-password")
                .doesNotContain("private user");
        var rule = cloud.neutron.all("security-group-rules").values().iterator().next();
        assertThat(rule.path("remote_ip_prefix").asString()).isEqualTo("192.0.2.7/32");
        assertThat(rule.path("port_range_max").asInt()).isEqualTo(22);
        assertThat(cloud.nova.keypairs()).containsOnlyKeys(NAME);
        assertThat(hosts.list()).containsExactly(NAME);
        assertThat(hosts.find(NAME)).contains(host);
        assertThat(hosts.spawn(request(), log::add)).as("the same, not another").isEqualTo(host);
        assertThat(hosts(placement(null, 0)).find(NAME))
                .as("by a factory that was restarted")
                .contains(host);
        hosts.destroy(NAME);
        assertNothingIsLeft();
        hosts.destroy(NAME);
    }

    @Test
    void an_answer_that_gets_lost_makes_no_second_server() throws Exception {
        cloud.loseAnswer(POST, 1);
        hosts.spawn(request(), log::add);
        assertThat(cloud.nova.servers()).hasSize(1);
        assertThat(log).anyMatch(line -> line.contains("the answer got lost"));
    }

    @Test
    void a_second_server_that_came_all_the_same_is_removed() throws Exception {
        var host = hosts.spawn(request(), log::add);
        var twin = cloud.nova.copy(cloud.nova.servers().getFirst());
        twin.put("created", "2026-11-22T10:00:09Z");
        assertThat(hosts.spawn(request(), log::add)).isEqualTo(host);
        assertThat(cloud.nova.servers()).hasSize(1);
    }

    @Test
    void a_server_in_error_is_told_with_its_reason_and_leaves_nothing() throws Exception {
        cloud.nova.fault = "No valid host was found. There are not enough hosts available.";
        var request = request();
        var failure = catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("is ERROR: No valid host was found.");
        assertNothingIsLeft();
    }

    @Test
    void a_quota_that_is_full_is_named_and_a_host_that_is_there_needs_no_more_room() throws Exception {
        hosts.checkRoom(NAME);
        hosts.spawn(request(), log::add);
        cloud.nova.mostServers = 1;
        hosts.checkRoom(NAME);
        hosts.spawn(request(), log::add);

        var failure = catchThrowableOfType(NoRoom.class, () -> hosts.checkRoom(OTHER));
        assertThat(failure)
                .hasMessage("cloud fake, project imagefactory in one: the quota of servers is full: 1 of 1 are used,"
                        + " 1 more are needed");
        assertThat(failure.mend()).contains("quota raised");
        hosts.destroy(NAME);
        hosts.checkRoom(OTHER);
    }

    @Test
    void memory_and_vcpus_of_the_flavor_count_too() throws Exception {
        cloud.nova.mostMemory = 4096;
        hosts.checkRoom(NAME);
        hosts.spawn(request(), log::add);
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.checkRoom(OTHER)))
                .hasMessageContaining(
                        "the quota of MiB of memory is full: 4096 of 4096 are used, 4096 more are needed");
    }

    @Test
    void what_no_quota_will_ever_hold_is_not_waited_for() throws Exception {
        cloud.nova.mostMemory = 2048;
        var request = request();
        var failure = catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add));
        assertThat(failure)
                .isNotInstanceOf(NoRoom.class)
                .hasMessageContaining("4096 MiB of memory are needed at once, and its quota is 2048");
        assertNothingIsLeft();
    }

    @Test
    void room_that_another_takes_meanwhile_is_told_in_novas_words_and_leaves_nothing() throws Exception {
        cloud.answer(
                POST,
                1,
                403,
                Map.of(),
                "{\"forbidden\": {\"message\": \"Quota exceeded for cores: Requested 4, but already used 18 of 20 cores\"}}");
        var request = request();
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.spawn(request, log::add)))
                .hasMessage(
                        "cloud fake, project imagefactory in one: Quota exceeded for cores: Requested 4, but already"
                                + " used 18 of 20 cores");
        assertNothingIsLeft();
    }

    @Test
    void floating_addresses_count_before_there_is_a_server_and_when_neutron_refuses_one() throws Exception {
        hosts = hosts(placement("public", 0));
        cloud.neutron.quotas.put("floatingips", 1);
        hosts.spawn(request(), log::add);
        hosts.checkRoom(NAME);
        var full = "cloud fake, project imagefactory in one: the quota of floating addresses is full: 1 of 1 are used,"
                + " 1 more are needed";
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.checkRoom(OTHER)))
                .hasMessage(full);

        cloud.neutron.tellsQuotas = false;
        hosts.checkRoom(OTHER);
        var other = request(OTHER);
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.spawn(other, log::add)))
                .hasMessage("cloud fake, project imagefactory in one: Quota exceeded for resources: ['floatingip'].");
        assertThat(hosts.list()).containsExactly(NAME);
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_quota_of_groups_or_ports_or_volumes_that_is_full_is_no_failure_and_leaves_nothing() throws Exception {
        var request = request();
        for (var kind : List.of("security-groups", "ports")) {
            cloud.neutron.quotas.put(kind, 0);
            assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.spawn(request, log::add)))
                    .as(kind)
                    .hasMessageMatching(
                            ".* in one: (Quota exceeded for resources:|Maximum number of ports exceeded).*");
            assertNothingIsLeft();
            cloud.neutron.quotas.clear();
        }
        hosts = hosts(placement(null, 20));
        cloud.nova.fault = "Build of instance 1 aborted: Requested volume or snapshot exceeds allowed gigabytes quota."
                + " Requested 20G, quota is 1000G and 990G has been consumed.";
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.spawn(request, log::add)))
                .hasMessageContaining("imagefactory in one: Build of instance 1 aborted: Requested volume");
        assertNothingIsLeft();
    }

    @Test
    void what_a_crash_left_half_made_is_listed_and_made_anew() throws Exception {
        cloud.answer(POST, 1, 403, Map.of(), "{\"forbidden\": {\"message\": \"killed\"}}");
        cloud.answer("DELETE .*", 9, 403, Map.of(), "{\"forbidden\": {\"message\": \"killed\"}}");
        var request = request();
        catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add));
        cloud.well();
        assertThat(hosts.list()).containsExactly(NAME);
        assertThat(hosts.find(NAME)).isEmpty();
        hosts.spawn(request, log::add);
        assertThat(cloud.neutron.all("security-groups")).hasSize(1);
        assertThat(cloud.neutron.all("security-group-rules")).hasSize(1);
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_server_with_another_host_key_is_not_taken_for_ours() throws Exception {
        hosts.spawn(request(), log::add);
        var first = cloud.nova.servers().getFirst();
        Files.delete(folder.resolve("host"));
        var request = new HostRequest(
                NAME, "debian-12", new HostSize(2, 2048, 10), List.of(), List.of(), key("user"), key("other"));
        assertThat(hosts.spawn(request, log::add).hostKey()).isEqualTo("ssh-ed25519 AAAAother");
        assertThat(cloud.nova.servers()).hasSize(1).doesNotContain(first);
    }

    @Test
    void a_volume_and_a_floating_address_are_by_configuration() throws Exception {
        hosts = hosts(placement("public", 20));
        var host = hosts.spawn(request(), log::add);
        assertThat(host.address()).startsWith("203.0.113.");
        var disk = cloud.nova.servers().getFirst().at("/block_device_mapping_v2/0");
        assertThat(disk.path("delete_on_termination").asBoolean()).isTrue();
        assertThat(cloud.nova.servers().getFirst().has("imageRef")).isFalse();
        var volume = cloud.cinder.volumes().getFirst();
        assertThat(volume.path("id")).isEqualTo(disk.path("uuid"));
        assertThat(volume.path("name").asString()).isEqualTo(NAME);
        assertThat(volume.path("size").asInt()).isEqualTo(20);
        assertThat(volume.path("imageRef").asString()).isEqualTo("11111111-2222-3333-4444-555555555555");
        assertThat(volume.path("availability_zone").asString()).isEqualTo("az1");
        hosts.destroy(NAME);
        assertNothingIsLeft();
        cloud.cinder.zone = "nova";
        hosts.spawn(request(), log::add);
        assertThat(cloud.cinder.volumes().getFirst().has("availability_zone"))
                .as("a zone that Cinder does not know")
                .isFalse();
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_volume_and_a_port_that_nova_leaves_are_listed_by_name_and_removed() throws Exception {
        hosts = hosts(placement(null, 20));
        cloud.nova.loses = true;
        hosts.spawn(request(), log::add);
        cloud.answer("DELETE .*/(volumes|security-groups|os-keypairs|ports)/.*", 9, 403, Map.of(), "{}");
        catchThrowableOfType(StageFailure.class, () -> hosts.destroy(NAME));
        cloud.well();
        assertThat(cloud.nova.servers()).isEmpty();
        cloud.nova.keypairs().clear();
        assertThat(hosts.list()).containsExactly(NAME);
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_floating_address_alone_is_listed_and_removed() throws Exception {
        hosts = hosts(placement("public", 0));
        hosts.spawn(request(), log::add);
        cloud.answer("DELETE .*/floatingips/.*", 1, 409, Map.of(), "{}");
        catchThrowableOfType(StageFailure.class, () -> hosts.destroy(NAME));
        hosts = hosts(placement(null, 0));
        assertThat(cloud.neutron.all("security-groups")).isEmpty();
        assertThat(hosts.list()).containsExactly(NAME);
        assertThat(hosts.present(List.of(NAME))).containsExactly(NAME);
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_volume_alone_is_listed_and_one_of_a_crash_goes_before_another_is_made() throws Exception {
        hosts = hosts(placement(null, 20));
        cloud.loseAnswer("POST .*/volumes", 1);
        cloud.answer(POST, 1, 403, Map.of(), "{\"forbidden\": {\"message\": \"killed\"}}");
        cloud.answer("DELETE .*/volumes/.*", 9, 403, Map.of(), "{\"forbidden\": {\"message\": \"killed\"}}");
        var request = request();
        catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add));
        cloud.well();
        assertThat(cloud.nova.keypairs()).isEmpty();
        assertThat(cloud.cinder.volumes()).hasSize(1);
        assertThat(hosts.list()).containsExactly(NAME);
        assertThat(hosts.present(List.of(NAME))).containsExactly(NAME);
        hosts.spawn(request, log::add);
        assertThat(cloud.cinder.volumes())
                .singleElement()
                .extracting(volume -> volume.path("status").asString())
                .isEqualTo("in-use");
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_quota_of_volumes_that_is_full_is_waited_for_and_one_that_fails_is_told() throws Exception {
        hosts = hosts(placement(null, 20));
        var request = request();
        cloud.cinder.mostVolumes = 0;
        assertThat(catchThrowableOfType(NoRoom.class, () -> hosts.spawn(request, log::add)))
                .hasMessageContaining("Maximum number of volumes allowed (0) exceeded");
        assertNothingIsLeft();
        cloud.cinder.mostVolumes = 1;
        cloud.cinder.end = "error";
        var failure = catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add));
        assertThat(failure).hasMessageContaining("cloud fake: volume " + NAME + " is error");
        assertNothingIsLeft();
    }

    @Test
    void a_cloud_without_volumes_is_not_asked_for_them() throws Exception {
        cloud.hasVolumes = false;
        hosts = hosts(placement(null, 0));
        hosts.spawn(request(), log::add);
        assertThat(hosts.list()).containsExactly(NAME);
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void a_host_flavor_without_a_disk_needs_a_volume() throws Exception {
        cloud.nova.flavor("4", "SCS-4V-8", 8192, 0, 4);
        IntFunction<Placement> diskless = gib -> new Placement(
                "one",
                "lab",
                null,
                "::1/128",
                null,
                "Debian 12",
                "SCS-4V-8",
                gib,
                null,
                1,
                null,
                Duration.ofMinutes(1));
        var availability = hosts(diskless.apply(0)).availability();
        assertThat(availability.detail())
                .isEqualTo("cloud fake: host_flavor: SCS-4V-8 has no disk, and host_volume_gib is 0");
        assertThat(availability.mend()).contains("such as 40");
        assertThat(hosts(diskless.apply(40)).availability().available()).isTrue();
    }

    @Test
    void a_server_that_goes_slowly_is_waited_for() throws Exception {
        hosts.spawn(request(), log::add);
        cloud.nova.deletesSlowly = true;
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void what_a_slow_cloud_may_take_is_time_and_not_a_number_of_looks() throws Exception {
        var begun = now;
        slow = Duration.ofMinutes(1);
        cloud.nova.builds = false;
        var request = request();
        assertThat(catchThrowableOfType(StageFailure.class, () -> hosts.spawn(request, log::add)))
                .hasMessage("cloud fake: server " + NAME + " is still BUILD after 10 minutes");
        assertThat(Duration.between(begun, now)).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
        assertNothingIsLeft();

        cloud.nova.builds = true;
        hosts.spawn(request, log::add);
        begun = now;
        cloud.answer("DELETE .*/servers/.*", 1, 204, Map.of(), "");
        assertThat(catchThrowableOfType(StageFailure.class, () -> hosts.destroy(NAME)))
                .hasMessage("cloud fake: server " + NAME + " does not go, 3 minutes after its deletion was asked for");
        assertThat(Duration.between(begun, now)).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void what_can_not_be_removed_is_told_and_stays_listed() throws Exception {
        hosts.spawn(request(), log::add);
        cloud.answer("DELETE .*/servers/.*", 9, 409, Map.of(), "{\"conflictingRequest\": {\"message\": \"locked\"}}");
        var failure = catchThrowableOfType(StageFailure.class, () -> hosts.destroy(NAME));
        assertThat(failure)
                .hasMessageContaining("build host " + NAME + " can't be removed whole")
                .hasMessageContaining("locked");
        assertThat(hosts.list()).containsExactly(NAME);
        cloud.well();
        hosts.destroy(NAME);
        assertNothingIsLeft();
    }

    @Test
    void others_are_never_touched_or_listed() throws Exception {
        hosts.spawn(request(), log::add);
        var others = cloud.nova.copy(cloud.nova.servers().getFirst());
        others.put("name", "ifaas-f4c70r-k3f9x2ma-h11");
        var strangers = cloud.nova.copy(others);
        strangers.put("name", "web-1");
        assertThat(hosts.list()).containsExactly(NAME, "ifaas-f4c70r-k3f9x2ma-h11");
        hosts.destroy(NAME);
        assertThat(cloud.nova.servers()).containsExactlyInAnyOrder(others, strangers);
    }

    @Test
    void of_some_names_those_are_present_of_which_anything_is_there() throws Exception {
        var other = "ifaas-f4c70r-k3f9x2ma-h2";
        assertThat(hosts.present(List.of(NAME, other))).isEmpty();
        hosts.spawn(request(), log::add);
        var twin = cloud.nova.copy(cloud.nova.servers().getFirst());
        assertThat(hosts.present(List.of(NAME, other))).containsExactly(NAME);
        hosts.destroy(NAME);
        assertThat(cloud.nova.servers()).as("nor its twin %s", twin).isEmpty();
        assertNothingIsLeft();

        cloud.nova.keypairs().put(other, twin);
        assertThat(hosts.present(List.of(NAME, other))).as("a keypair").containsExactly(other);
        hosts.destroy(other);
        cloud.neutron
                .all("security-groups")
                .put("g1", twin.objectNode().put("id", "g1").put("name", NAME));
        assertThat(hosts.present(List.of(NAME, other))).as("a group").containsExactly(NAME);
        hosts.destroy(NAME);
        assertThat(hosts.present(List.of(NAME, other))).isEmpty();
    }

    @Test
    void a_hosts_own_build_finds_it_without_a_list_of_all() throws Exception {
        hosts.spawn(request(), log::add);
        int before = cloud.seen(".*").size();
        hosts.present(List.of(NAME));
        assertThat(cloud.seen(".*")).hasSize(before + 1);
    }

    @Test
    void what_is_not_there_is_named_with_what_is() throws Exception {
        hosts = hosts(new Placement(
                "one", "lab", null, "::1/128", null, "Debian 12", "m1.huge", 0, null, 1, null, Duration.ofMinutes(1)));
        var availability = hosts.availability();
        assertThat(availability.available()).isFalse();
        assertThat(availability.detail()).isEqualTo("cloud fake: there is no flavor m1.huge");
        assertThat(availability.mend()).contains("m1.build, m1.small, m1.tiny");
    }
}
