package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.suite.Iperf;
import org.ifaas.factory.suite.IperfServer;
import org.ifaas.hosts.ssh.SshRemote;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.openstack.nova.Placement;
import org.ifaas.release.digest.ParallelMeasurer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Two servers of the tiny guest in a real OpenStack, each of another flavor: what they are given, and whom they reach. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
@Order(8)
class RealInstancesTest {
    private static final Listening REACH = new Listening(RealCloud.RANGE + ".255.1", 5201, 5299);
    private static final String ONE = "ifaas-fa1716-k3f9x2ma-t1";
    private static final String TWO = "ifaas-fa1716-k3f9x2ma-t2";
    private static final String THREE = "ifaas-fa1716-k3f9x2ma-t3";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    static Path folder;

    private static final List<String> LOG = new ArrayList<>();
    private static final SshRemote REMOTE = new SshRemote();
    private static RealCloud cloud;
    private static GlanceRegion region;
    private static NovaTestInstances instances;
    private static Connection one;
    private static Connection two;

    @BeforeAll
    static void bootBothAtOnce(RealCloud running) throws Exception {
        cloud = running;
        var client = RealCloud.client(RealCloud.cloud("factory"));
        region = new GlanceRegion(
                "factory.RegionOne",
                client.service("image", "RegionOne"),
                "fa1716",
                GlancePolicy.defaults(),
                Pause.REAL);
        instances = new NovaTestInstances(client, placement(), new Names("fa1716"), Pause.REAL, Clock.systemUTC());
        var guest = cloud.guest();
        var image = region.register(
                new NewImage("guest", guest, new ParallelMeasurer().measure(guest), Map.of("min_disk", "1")), LOG::add);
        var key = REMOTE.key(folder, "key", "tests");
        try (var second = new Meanwhile<>(() -> boot(TWO, image, "small", key, PATIENCE))) {
            one = boot(ONE, image, "tiny", key, PATIENCE);
            two = second.result();
        }
    }

    private static Placement placement() {
        return new Placement(
                "RegionOne", "guests", null, RealCloud.RANGE + ".255.1/32", null, "", "", 0, null, 12, REACH, PATIENCE);
    }

    private static Connection boot(String name, RegionImage image, String flavor, SshKey key, Duration patience)
            throws StageFailure, InterruptedException {
        var request = new InstanceRequest(
                name,
                image.ref(),
                null,
                DiskFormat.QCOW2,
                "amd64",
                Firmware.BIOS,
                "named-" + flavor,
                "root",
                key,
                new HostSize(1, 128, 1),
                flavor,
                List.of());
        return REMOTE.connect(instances.boot(request, LOG::add).machine(), key, patience);
    }

    @AfterAll
    static void nothingIsLeft() throws Exception {
        for (var connection : new Connection[] {one, two}) {
            if (connection != null) {
                connection.close();
            }
        }
        REMOTE.close();
        for (var name : List.of(ONE, TWO, THREE)) {
            instances.destroy(name);
        }
        for (var own : region.own()) {
            region.delete(own.ref().id());
        }
        cloud.assertNoServerIsLeft();
    }

    private static String said(Connection by, String script) throws StageFailure, InterruptedException {
        return by.read(Command.of("/bin/sh", "-c", script), Duration.ofMinutes(2));
    }

    @Test
    void theConfigDriveHasNameKeyAndUserData() throws Exception {
        var drive = said(
                one,
                "mount -t iso9660 -o ro \"$(findfs LABEL=config-2)\" /mnt && cd /mnt/openstack/latest"
                        + " && cat meta_data.json user_data; cd / && umount /mnt");
        assertThat(drive).contains("\"name\": \"" + ONE + "\"", "#cloud-config", "hostname: \"named-tiny\"");
        assertThat(drive).contains("\"public_keys\"", "ssh-ed25519 ");
        assertThat(said(one, "hostname")).isEqualToIgnoringNewLines("named-tiny");
    }

    @Test
    void eachHasTheFlavorThatWasAskedFor() throws Exception {
        var memory = "awk '/^MemTotal/ { print $2 }' /proc/meminfo";
        assertThat(Long.parseLong(said(one, memory).strip())).isBetween(64_000L, 128L << 10);
        assertThat(Long.parseLong(said(two, memory).strip())).isBetween(600_000L, 768L << 10);
    }

    @Test
    void theConsoleIsReadThroughTheApi() throws Exception {
        RunningFactory.await(
                "a login at the console", () -> instances.console(ONE).contains(" login:"));
        assertThat(instances.console(TWO)).contains("named-small");
    }

    @Test
    void theNetworkIsMeasuredToTheAddressOfTheFactory() throws Exception {
        var server = new IperfServer("iperf3", folder);
        try {
            var port = server.start(REACH);
            var result = iperf().measure(one, Iperf.Far.FACTORY, REACH.address(), port, "amd64", LOG::add);
            assertThat(result.figures())
                    .as(LOG.toString())
                    .containsOnlyKeys("iperf3_to_factory_mbit_per_s", "iperf3_from_factory_mbit_per_s");
        } finally {
            server.stop();
        }
    }

    @Test
    void theNetworkIsMeasuredBetweenTheTwoWhichDidNotReachEachOtherBefore() throws Exception {
        iperf().serve(two, 5201, "amd64", LOG::add);
        assertThat(said(one, "nc -w 3 " + address() + " 5201 </dev/null || echo walled"))
                .contains("walled");
        var address = instances.join(ONE, TWO, 5201);
        var result = iperf().measure(one, Iperf.Far.INSTANCE, address, 5201, "amd64", LOG::add);
        assertThat(result.figures())
                .as(LOG.toString())
                .containsOnlyKeys("iperf3_to_instance_mbit_per_s", "iperf3_from_instance_mbit_per_s");
    }

    @Test
    void oneThatNeverBootsIsGivenUpAndLeavesItsConsoleAsEvidence() throws Exception {
        var empty = folder.resolve("empty.qcow2");
        var made = new ProcessBuilder("qemu-img", "create", "-q", "-f", "qcow2", empty.toString(), "8M").start();
        assertThat(made.waitFor()).isZero();
        var image = region.register(
                new NewImage("empty", empty, new ParallelMeasurer().measure(empty), Map.of("min_disk", "1")), LOG::add);
        var key = REMOTE.key(folder, "key", "tests");
        var failure =
                catchThrowableOfType(StageFailure.class, () -> boot(THREE, image, "tiny", key, Duration.ofSeconds(10)));
        assertThat(failure.blame()).isEqualTo(Blame.HOST);
        assertThat(instances.list()).contains(THREE);
        assertThat(instances.console(THREE)).doesNotContain("can't be read").doesNotContain("login:");
        instances.destroy(THREE);
        assertThat(cloud.servers()).doesNotContain(THREE);
    }

    private static String address() throws Exception {
        return said(two, "ip -4 -o addr show scope global | sed 's/.*inet \\([0-9.]*\\).*/\\1/'")
                .strip();
    }

    private static Iperf iperf() {
        return new Iperf("iperf3", Clock.systemUTC());
    }
}
