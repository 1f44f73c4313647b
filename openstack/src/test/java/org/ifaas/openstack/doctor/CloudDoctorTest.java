package org.ifaas.openstack.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.ImportMethod;
import org.ifaas.openstack.glance.ServedStore;
import org.ifaas.openstack.nova.Placement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class CloudDoctorTest {
    @TempDir
    Path store;

    private FakeCloud cloud;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(() -> Instant.parse("2026-11-22T10:00:00Z"));
        cloud.glance("one")
                .put(JsonMapper.shared()
                        .createObjectNode()
                        .put("id", "11111111-2222-3333-4444-555555555555")
                        .put("name", "Debian 12")
                        .put("status", "active")
                        .put("os_hidden", false));
    }

    private final Map<String, GlancePolicy> regions =
            new TreeMap<>(Map.of("one", GlancePolicy.defaults(), "two", GlancePolicy.defaults()));

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    private Map<String, Availability> checks(String flavor) throws Exception {
        var placement = new Placement(
                "one",
                "lab",
                "public",
                "192.0.2.7/32",
                null,
                "Debian 12",
                flavor,
                0,
                "m1.tiny",
                1,
                null,
                Duration.ofMinutes(1));
        return new CloudDoctor(cloud.client(), regions, placement, "f4c70r", cloud.pause()).checks();
    }

    @Test
    void how_images_come_is_looked_at_region_by_region() throws Exception {
        cloud.glance("two").methods = List.of("web-download");
        regions.put(
                "two",
                new GlancePolicy(DiskFormat.RAW, ImportMethod.GLANCE_DIRECT, List.of(), null, GlancePolicy.PATIENCE));
        var checks = checks("m1.build");
        assertThat(checks.get("images in one").detail()).isEqualTo("Glance answers, images come by direct as qcow2");
        assertThat(checks.get("images in two").available()).isFalse();
        assertThat(checks.get("images in two").detail())
                .contains("import_method: glance-direct is not offered in two: Glance there offers web-download");
    }

    @Test
    void a_cloud_that_gives_what_is_needed_and_no_more_is_good() throws Exception {
        var checks = checks("m1.build");
        assertThat(checks.values()).allMatch(Availability::available);
        assertThat(checks.keySet())
                .containsExactly(
                        "identity",
                        "roles",
                        "images in one",
                        "publishing in one",
                        "images in two",
                        "publishing in two",
                        "quota",
                        "network",
                        "floating network",
                        "host image",
                        "host flavor",
                        "instance flavor");
        assertThat(cloud.glance("one").images()).hasSize(1);
        assertThat(cloud.glance("two").images()).isEmpty();
    }

    @Test
    void a_glance_that_fetches_is_given_a_small_file_and_nothing_of_the_trial_stays() throws Exception {
        var server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), store, SimpleFileServer.OutputLevel.NONE);
        server.start();
        try {
            fetchFrom("http://127.0.0.1:" + server.getAddress().getPort());
            cloud.glance("two")
                    .put(JsonMapper.shared()
                            .createObjectNode()
                            .put("id", "22222222-2222-3333-4444-555555555555")
                            .put("name", "ifaas-f4c70r-can-it-fetch")
                            .put("status", "queued"));
            var check = checks("m1.build").get("fetching in two");
            assertThat(check.available()).as(check.detail()).isTrue();
            assertThat(cloud.glance("two").images()).isEmpty();

            cloud.glance("two").damages = true;
            assertThat(checks("m1.build").get("fetching in two").detail()).contains("something else than lies there");
        } finally {
            server.stop(0);
        }
        var gone = checks("m1.build").get("fetching in two");
        assertThat(gone.detail())
                .startsWith("clouds fake: store_url: Glance in two can't fetch http://127.0.0.1:")
                .contains("/temporary/ifaas-f4c70r-can-it-fetch-two: the image is queued, and its import has failed");
        assertThat(gone.mend()).contains("import_filtering_opts");
        fetchFrom("https://store.example.org");
        assertThat(checks("m1.build").get("fetching in two").detail()).contains("does not pass filtering");
        assertThat(cloud.glance("two").images()).isEmpty();
        assertThat(store.resolve("temporary")).isEmptyDirectory();
    }

    private void fetchFrom(String address) {
        var served = new ServedStore(store, URI.create(address));
        regions.put(
                "two",
                new GlancePolicy(
                        DiskFormat.QCOW2, ImportMethod.WEB_DOWNLOAD, List.of(), served, GlancePolicy.PATIENCE));
    }

    @Test
    void a_credential_that_may_publish_is_a_fault_and_the_trial_leaves_nothing() throws Exception {
        cloud.mayPublish = true;
        cloud.roles.add("admin");
        var checks = checks("m1.build");
        assertThat(checks.get("roles").available()).isFalse();
        assertThat(checks.get("publishing in two").detail()).contains("may make images public");
        assertThat(checks.get("publishing in two").mend()).contains("publicize_image");
        assertThat(cloud.glance("two").images()).isEmpty();
    }

    @Test
    void what_is_missing_is_told_with_its_mend() throws Exception {
        assertThat(checks("m1.huge").get("host flavor").mend()).contains("m1.build");
    }

    @Test
    void each_quota_is_judged_by_what_one_build_needs_at_once() throws Exception {
        var quota = checks("m1.build").get("quota");
        assertThat(quota.available()).as(quota.detail()).isTrue();
        assertThat(quota.detail())
                .isEqualTo("10 servers, 20 vCPUs, 51200 MiB of memory, any number of floating addresses,"
                        + " any number of ports, any number of security groups are left");

        cloud.nova.mostServers = 2;
        cloud.nova.mostCores = 5;
        cloud.nova.mostMemory = 4607;
        cloud.neutron.quotas.putAll(Map.of("floatingips", 2, "ports", 3, "security-groups", 1));
        quota = checks("m1.build").get("quota");
        assertThat(quota.available()).isFalse();
        assertThat(quota.detail())
                .isEqualTo("2 servers, 5 vCPUs, 4607 MiB of memory, 2 floating addresses, 3 ports, 1 security groups"
                        + " are left, and a build needs 3 servers, 6 vCPUs, 4608 MiB of memory, 3 floating addresses,"
                        + " 3 security groups at once");
        assertThat(quota.mend()).contains("Have the quota of servers, vCPUs, MiB of memory, floating addresses,");

        cloud.neutron.tellsQuotas = false;
        assertThat(checks("m1.build").get("quota").detail())
                .startsWith("2 servers, 5 vCPUs, 4607 MiB of memory are left, and");
    }

    @Test
    void without_an_identity_nothing_else_is_asked() throws Exception {
        cloud.answer("POST /identity.*", 9, 401, Map.of(), "{\"error\": {\"message\": \"no\"}}");
        assertThat(checks("m1.build")).containsOnlyKeys("identity");
    }
}
