package org.ifaas.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.fake.FakeCloud;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NovaTestInstancesTest {
    private static final String NAME = "ifaas-f4c70r-k3f9x2ma-t1";
    private static final String IMAGE = "11111111-2222-3333-4444-555555555555";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private FakeCloud cloud;
    private NovaTestInstances instances;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(() -> NOW);
        instances = new NovaTestInstances(
                cloud.client(), NovaHostsTest.placement(null, 0), new Names("f4c70r"), cloud.pause(), () -> NOW);
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    private static InstanceRequest request(HostSize size) {
        return request(size, null);
    }

    private static InstanceRequest named(String name) {
        return request(name, new HostSize(1, 256, 1), null);
    }

    private static InstanceRequest request(HostSize size, @Nullable String flavor) {
        return request(NAME, size, flavor);
    }

    private static InstanceRequest request(String name, HostSize size, @Nullable String flavor) {
        return new InstanceRequest(
                name,
                new ImageRef("fake.one", IMAGE),
                null,
                DiskFormat.QCOW2,
                "amd64",
                Firmware.BIOS,
                "ifaas-test-1",
                "debian",
                new SshKey(Path.of("/nowhere"), "ssh-ed25519 AAAA tests"),
                size,
                flavor,
                List.of());
    }

    @Test
    void an_instance_boots_from_the_registered_image_in_the_smallest_flavor_that_fits() throws Exception {
        var instance = instances.boot(request(new HostSize(2, 1024, 4)), log::add);
        var server = cloud.nova.servers().getFirst();
        assertThat(server.path("imageRef").asString()).isEqualTo(IMAGE);
        assertThat(server.path("flavorRef").asString()).isEqualTo("2");
        assertThat(server.path("config_drive").asBoolean()).isTrue();
        assertThat(instance.machine().user()).isEqualTo("debian");
        assertThat(instance.machine().hostKey()).isNull();
        assertThat(instance.factoryAddress()).isEmpty();
        var userData =
                new String(Base64.getDecoder().decode(server.path("user_data").asString()), StandardCharsets.UTF_8);
        assertThat(userData).contains("hostname: \"ifaas-test-1\"", "name: \"debian\"");
        assertThat(instances.list()).containsExactly(NAME);
    }

    @Test
    void an_instance_has_the_flavor_that_is_asked_for() throws Exception {
        assertThat(instances.flavor("m1.build")).isEqualTo(new HostSize(4, 4096, 40));
        instances.boot(request(instances.flavor("m1.build"), "m1.build"), log::add);
        assertThat(cloud.nova.servers().getFirst().path("flavorRef").asString()).isEqualTo("3");
        var failure = catchThrowableOfType(StageFailure.class, () -> instances.flavor("m1.huge"));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessage("tests.flavors: cloud fake has no flavor m1.huge");
        assertThat(failure.mend()).contains("m1.build, m1.small, m1.tiny");
    }

    @Test
    void a_flavor_without_a_disk_boots_from_a_volume_that_goes_with_its_server() throws Exception {
        cloud.nova.flavor("4", "SCS-1V-2", 2048, 0, 1);
        instances.boot(request(new HostSize(1, 2048, 5), "SCS-1V-2"), log::add);
        var server = cloud.nova.servers().getFirst();
        assertThat(server.has("imageRef")).isFalse();
        var volume = cloud.cinder.volumes().getFirst();
        assertThat(server.at("/block_device_mapping_v2/0/uuid")).isEqualTo(volume.path("id"));
        assertThat(volume.path("imageRef").asString()).isEqualTo(IMAGE);
        assertThat(volume.path("size").asInt()).isEqualTo(5);
    }

    @Test
    void a_flavor_without_a_disk_is_taken_by_itself_where_no_other_fits() throws Exception {
        cloud.nova.flavor("4", "SCS-1V-2", 2048, 0, 1);
        instances.boot(request(new HostSize(1, 1024, 4)), log::add);
        assertThat(cloud.nova.servers().getFirst().path("flavorRef").asString()).isEqualTo("2");
        instances.boot(request(new HostSize(1, 1024, 100)), log::add);
        var server = cloud.nova.servers().getFirst();
        assertThat(server.path("flavorRef").asString()).isEqualTo("4");
        assertThat(cloud.cinder.volumes().getFirst().path("size").asInt()).isEqualTo(100);
    }

    @Test
    void a_cloud_without_routers_has_no_floating_addresses_to_remove() throws Exception {
        cloud.neutron.withoutRouters();
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        instances.destroy(NAME);
        assertThat(instances.list()).isEmpty();
        assertThat(cloud.neutron.all("security-groups")).isEmpty();
    }

    @Test
    void room_is_looked_for_as_many_as_are_needed_at_once() throws Exception {
        cloud.nova.mostServers = 2;
        var request = request(new HostSize(1, 256, 1));
        instances.checkRoom(request, 2);
        assertThat(catchThrowableOfType(StageFailure.class, () -> instances.checkRoom(request, 3)))
                .isNotInstanceOf(NoRoom.class)
                .hasMessageContaining("3 servers are needed at once, and its quota is 2");
        instances.boot(request, log::add);
        instances.checkRoom(request, 2);
        cloud.nova.copy(cloud.nova.servers().getFirst()).put("name", "web-1");
        instances.destroy(NAME);
        assertThat(catchThrowableOfType(NoRoom.class, () -> instances.checkRoom(request, 2)))
                .hasMessageContaining("1 of 2 are used, 2 more are needed");
    }

    @Test
    void one_instance_is_let_into_one_port_of_another_and_into_nothing_else() throws Exception {
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        var other = NAME.replace("-t1", "-t2");
        instances.boot(named(other), log::add);
        var addresses = cloud.nova.servers().stream()
                .collect(Collectors.toMap(
                        server -> server.path("name").asString(),
                        server -> server.at("/addresses/lab/0/addr").asString()));
        assertThat(instances.join(NAME, other, 5201)).isEqualTo(addresses.get(other));
        instances.join(NAME, other, 5201);
        assertThat(cloud.neutron.all("security-group-rules").values())
                .filteredOn(rule -> rule.path("port_range_min").asInt() != 22)
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.path("remote_ip_prefix").asString()).isEqualTo(addresses.get(NAME) + "/32");
                    assertThat(rule.path("port_range_min").asInt()).isEqualTo(5201);
                    assertThat(rule.path("port_range_max").asInt()).isEqualTo(5201);
                });
        instances.destroy(NAME);
        assertThat(catchThrowableOfType(StageFailure.class, () -> instances.join(NAME, other, 5201)))
                .hasMessageContaining("server " + NAME + " has disappeared");
    }

    @Test
    void one_that_is_there_already_goes_first() throws Exception {
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        var first = cloud.nova.servers().getFirst().path("id");
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        assertThat(cloud.nova.servers()).hasSize(1);
        assertThat(cloud.nova.servers().getFirst().path("id")).isNotEqualTo(first);
    }

    @Test
    void the_console_comes_through_nova_and_its_end_is_kept() throws Exception {
        assertThat(instances.console(NAME)).isEmpty();
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        cloud.nova.console = "x".repeat(1 << 20) + "login:";
        assertThat(instances.console(NAME)).hasSize(1 << 20).endsWith("login:");
        cloud.answer("POST .*/action", 1, 409, Map.of(), "{\"conflict\": {\"message\": \"not ready\"}}");
        assertThat(instances.console(NAME)).contains("can't be read").contains("not ready");
    }

    @Test
    void the_console_of_one_that_never_ran_can_be_read_until_it_is_removed() throws Exception {
        cloud.nova.fault = "the hypervisor went away";
        cloud.nova.console = "Booting from hard disk";
        assertThat(catchThrowableOfType(
                        StageFailure.class, () -> instances.boot(request(new HostSize(1, 256, 1)), log::add)))
                .hasMessageContaining("is ERROR: the hypervisor went away");
        assertThat(instances.console(NAME)).isEqualTo("Booting from hard disk");
        instances.destroy(NAME);
        assertThat(instances.console(NAME)).isEmpty();
    }

    @Test
    void deleting_leaves_nothing() throws Exception {
        instances.boot(request(new HostSize(1, 256, 1)), log::add);
        instances.destroy(NAME);
        assertThat(cloud.nova.servers()).isEmpty();
        assertThat(cloud.nova.keypairs()).isEmpty();
        assertThat(cloud.neutron.all("security-groups")).isEmpty();
        assertThat(cloud.neutron.all("ports")).isEmpty();
        instances.destroy(NAME);
    }

    @Test
    void an_image_that_fits_into_no_flavor_is_told() {
        var failure = catchThrowableOfType(
                StageFailure.class, () -> instances.boot(request(new HostSize(1, 1024, 500)), log::add));
        assertThat(failure).hasMessage("cloud fake: no flavor has 1024 MiB of memory and 500 GiB of disk");
    }
}
