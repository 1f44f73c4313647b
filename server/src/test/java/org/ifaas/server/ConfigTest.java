package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.mail.SmtpServer;
import org.ifaas.mail.webhook.WebhookTarget;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.ImportMethod;
import org.ifaas.openstack.glance.ServedStore;
import org.ifaas.server.console.SettingView;
import org.ifaas.server.login.Grant;
import org.ifaas.server.login.Role;
import org.ifaas.sources.GitAccess;
import org.ifaas.sources.GitRepository;
import org.ifaas.sources.GitServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
    private static final Path TABLE = Path.of("../docs/operate/configuration.md");

    @TempDir
    Path home;

    private Config read(String yaml) throws Exception {
        var file = Files.writeString(home.resolve("ifaas.yaml"), yaml);
        return Config.read(new Config.Arguments(home, home, file, null, 0));
    }

    @Test
    void nothing_needs_to_be_configured() throws Exception {
        var config = Config.read(new Config.Arguments(home, home, null, null, 0));
        assertThat(config.databaseUrl()).isNull();
        assertThat(config.regions()).extracting(Config.Region::name).containsExactly("region-a", "region-b");
        assertThat(config.policies().queue().takeover()).isLessThan(Duration.ofSeconds(30));
        assertThat(config.store()).isEqualTo(home.resolve("store"));
    }

    @Test
    void settings_reach_the_rooms_that_they_are_for() throws Exception {
        var config = read("""
                builds: {parallel: 4, heartbeat: 2s}
                limits: {build-image: 3h}
                logs: {stage: 1MiB}
                hosts: {roots: {keep: 9}, qemu: {launcher: [systemd-run, --scope]}}
                store: {reserve: 2GiB}
                """);
        assertThat(config.parallelBuilds()).isEqualTo(4);
        assertThat(config.policies().queue().heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.policies().pipeline().limit(StageName.BUILD_IMAGE)).isEqualTo(Duration.ofHours(3));
        assertThat(config.policies().logs().stageBytes()).isEqualTo(1 << 20);
        assertThat(config.policies().roots().keep()).isEqualTo(9);
        assertThat(config.policies().qemu().launcher()).containsExactly("systemd-run", "--scope");
        assertThat(config.policies().store().reserve()).isEqualTo(2L << 30);
    }

    @Test
    void all_errors_are_told_at_once_with_name_value_and_what_would_be_right() {
        assertThatThrownBy(() -> read("""
                        builds: {parallel: many, heartbeats: 3s}
                        logs: {line: 1GiB}
                        regions: [{name: "a b", directory: /x}]
                        publication: {four_eyes: maybe, by_policy: [debian-*, "a b"]}
                        console: {url: "https://images.example.org/console"}
                        metrics: {token_file: /nowhere}
                        repositories: [{name: ours, url: "ext::sh -c x"}]
                        """))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContainingAll(
                        "builds.parallel: many is not a whole number from 1 to 10000",
                        "builds.heartbeats: there is no such setting",
                        "logs.line: 1GiB is not a size from 80 bytes to 32KiB",
                        "a region with a name of letters",
                        "publication.four_eyes: maybe is not true or false",
                        "publication.by_policy: a b is not a pattern for names of images",
                        "console.url: https://images.example.org/console is not an address such as https://",
                        "metrics.token_file: /nowhere is not a file that can be read",
                        "the url of a repository is");
    }

    @Test
    void the_interface_is_opened_to_the_network_only_behind_a_proxy_with_tls() throws Exception {
        assertThat(read("").listen().isLoopbackAddress()).isTrue();
        assertThatThrownBy(() -> read("listen: 0.0.0.0"))
                .hasMessageContaining("listen: 0.0.0.0 is not loopback", "console.url");
        assertThatThrownBy(() -> read("listen: images.example.org"))
                .hasMessageContaining("listen: images.example.org is not an address of this machine");
        assertThat(read("{listen: '::', console: {url: 'https://images.example.org'}}")
                        .listen()
                        .isAnyLocalAddress())
                .isTrue();
    }

    @Test
    void the_command_line_names_another_database_than_the_file() throws Exception {
        var file = Files.writeString(home.resolve("ifaas.yaml"), "database: {url: 'jdbc:postgresql://a/ifaas'}");
        var config = Config.read(new Config.Arguments(home, home, file, "jdbc:postgresql://b/ifaas", 0));
        assertThat(config.databaseUrl()).isEqualTo("jdbc:postgresql://b/ifaas");
    }

    @Test
    void flavors_have_a_meaning_on_this_machine_by_configuration() throws Exception {
        assertThat(read("").policies().qemu().flavors()).isEmpty();
        assertThat(read("flavors: [{name: m1.small, vcpus: 1, ram_mib: 512, disk_gib: 3}]")
                        .policies()
                        .qemu()
                        .flavors())
                .isEqualTo(Map.of("m1.small", new HostSize(1, 512, 3)));
        for (var wrong : List.of(
                "{name: m1.small, vcpus: 0, ram_mib: 512, disk_gib: 3}",
                "{name: m1.small, vcpus: 1, ram_mib: 512}",
                "{name: ../m1, vcpus: 1, ram_mib: 512, disk_gib: 3}")) {
            assertThatThrownBy(() -> read("flavors: [" + wrong + "]"))
                    .hasMessageContaining("is not a flavor with a name of its own");
        }
    }

    @Test
    void mails_go_to_a_folder_until_a_server_is_named() throws Exception {
        assertThat(read("").notification().smtp()).isNull();
        var notification = read("""
                mail:
                  from: images@example.org
                  operators: [ops@example.org]
                  smtp: {host: smtp.example.org, security: tls, user: u, password_file: /etc/secret}
                webhooks: [{name: chat, url: "https://hooks.example.org/x", secret_file: /etc/chat}]
                """).notification();
        assertThat(notification.operators()).containsExactly("ops@example.org");
        assertThat(notification.smtp())
                .isEqualTo(new SmtpServer(
                        "smtp.example.org",
                        465,
                        SmtpServer.Security.TLS,
                        "u",
                        Path.of("/etc/secret"),
                        null,
                        Duration.ofSeconds(30)));
        assertThat(notification.webhooks()).extracting(WebhookTarget::name).containsExactly("chat");
    }

    @Test
    void a_directory_of_people_is_read_and_what_is_missing_is_told() throws Exception {
        assertThat(read("").console().ldap()).isNull();
        var ldap = read("""
                ldap:
                  servers: [ldaps://a.example.org, "ldap://b.example.org:1389"]
                  people: {base: "ou=people,dc=example,dc=org"}
                  roles: {viewer: [staff], admin: [ops, root]}
                  limited_roles:
                    - {group: web, role: requester, images: [web-*, tiny]}
                """).console().ldap();
        assertThat(ldap.servers())
                .containsExactly(URI.create("ldaps://a.example.org"), URI.create("ldap://b.example.org:1389"));
        assertThat(ldap.roles())
                .isEqualTo(Map.of(
                        Grant.ofAll(Role.VIEWER),
                        Set.of("staff"),
                        Grant.ofAll(Role.ADMIN),
                        Set.of("ops", "root"),
                        new Grant(Role.REQUESTER, new ImagePatterns(Set.of("web-*", "tiny"))),
                        Set.of("web")));
        assertThat(ldap.groupsBase()).isEqualTo("ou=people,dc=example,dc=org");
        assertThatThrownBy(() -> read("""
                        ldap:
                          servers: [ldaps://a.example.org, "https://b.example.org"]
                          bind_dn: cn=factory
                          people: {filter: "(uid=anna)"}
                          limited_roles:
                            - {group: a, role: region-publisher, images: "*"}
                            - {group: b, role: viewer}
                        """))
                .hasMessageContainingAll(
                        "ldap.servers: https://b.example.org is not an address such as ldaps://",
                        "ldap.bind_password_file: nothing is not enough",
                        "ldap.people.base: nothing is not enough",
                        "ldap.limited_roles: {group=a, images=*, role=region-publisher} is not a group",
                        "ldap.limited_roles: {group=b, role=viewer} is not a group",
                        "ldap.people.filter: (uid=anna) is not a filter",
                        "ldap.roles: nothing is not enough");
    }

    @Test
    void what_is_wrong_with_mail_webhooks_and_schedules_is_told_at_once() {
        assertThatThrownBy(() -> read("""
                        console: {url: images}
                        mail: {from: "a b", operators: [nobody], smtp: {host: h, security: some, user: u}}
                        webhooks:
                          - {name: a, url: "ftp://x", secret_file: /s}
                          - {name: b, url: "https://x.example/", secret_file: /s}
                          - {name: b, url: "https://y.example/", secret_file: /s}
                        schedules:
                          - {image: tiny, cron: "99 3 * * 1"}
                          - {image: tiny, cron: "0 3 * * 1", zone: Berlin}
                          - {image: tiny, cron: "0 3 * * 1", jitter: soon}
                          - {image: tiny, cron: "0 3 * * 1"}
                          - {image: "../x", cron: "0 3 * * 1"}
                        """))
                .hasMessageContainingAll(
                        "console.url: images is not an address",
                        "mail.from: a b is not a mail address",
                        "mail.operators: nobody is not a mail address",
                        "mail.smtp.security: some is not starttls, tls or none",
                        "mail.smtp.password_file: nothing is not enough",
                        "its url is one of http or https",
                        "the only one of its name",
                        "its cron is no cron expression",
                        "its zone is one such as Europe/Berlin",
                        "its jitter is a duration",
                        "the only one of its image",
                        "its image is a name");
    }

    @Test
    void the_operators_schedules_are_read() throws Exception {
        assertThat(read("schedules: [{image: tiny, cron: '0 3 * * MON', zone: Europe/Berlin, jitter: 30m}]")
                        .schedules())
                .containsExactly(new Declared(
                        "tiny",
                        new Timing("0 3 * * MON", ZoneId.of("Europe/Berlin"), Duration.ofMinutes(30)),
                        "ifaas.yaml"));
    }

    @Test
    void a_schedule_may_be_of_an_image_that_is_called_after_its_repository() throws Exception {
        assertThat(read("schedules: [{image: 'theirs:tiny', cron: '0 3 * * MON'}]")
                        .schedules())
                .extracting(Declared::image)
                .containsExactly("theirs:tiny");
    }

    @Test
    void repositories_are_those_of_servers_that_are_allowed() throws Exception {
        var config = read("""
                git: {hosts: [git.example.org], known_hosts_file: /etc/ifaas/known_hosts, ca_file: /etc/ifaas/ca.pem}
                repositories:
                  - {name: a, url: "git@git.example.org:a.git", trusted: true, key_file: /etc/ifaas/a}
                  - {name: b, url: "https://git.example.org/b.git", token_file: /etc/ifaas/b, token_user: bot}
                  - {name: c, url: /srv/images}
                """);
        assertThat(config.repositories())
                .extracting(GitRepository::access)
                .containsExactly(
                        new GitAccess(Path.of("/etc/ifaas/a"), null, "git"),
                        new GitAccess(null, Path.of("/etc/ifaas/b"), "bot"),
                        GitAccess.OPEN);
        assertThat(config.policies().git().servers())
                .isEqualTo(new GitServers(
                        Set.of("git.example.org"),
                        Set.of("https", "ssh"),
                        Path.of("/etc/ifaas/known_hosts"),
                        Path.of("/etc/ifaas/ca.pem")));
    }

    @Test
    void a_repository_that_leads_elsewhere_is_told_with_its_mend() {
        assertThatThrownBy(() -> read("""
                        git: {hosts: [git.example.org], protocols: [https, ssh, ftp]}
                        repositories:
                          - {name: a, url: "https://elsewhere.example/a.git"}
                          - {name: b, url: "http://git.example.org/b.git"}
                          - {name: c, url: "ssh://git@git.example.org/c.git", key_file: /etc/ifaas/c}
                          - {name: d, url: "ssh://git@git.example.org/d.git"}
                          - {name: e, url: "ext::sh -c id"}
                          - {name: f, url: "http://git.example.org/f.git", trusted: true}
                        """))
                .hasMessageContainingAll(
                        "git.protocols: [",
                        "“https://elsewhere.example/a.git”, whose host is none of git.hosts, [git.example.org]",
                        "“http://git.example.org/b.git”, whose protocol is none of git.protocols, [",
                        "git.known_hosts_file",
                        "key_file of a repository",
                        "“ext::sh -c id”",
                        "anybody on the way can change what comes by http");
    }

    @Test
    void what_is_in_effect_is_known_without_secrets() throws Exception {
        var config = read("""
                builds: {parallel: 4}
                database: {url: "postgresql://ifaas:hunter2@db.example.org/ifaas?sslpassword=hunter3"}
                """);
        assertThat(config.effective())
                .contains(SettingView.given("builds.parallel", "4"), SettingView.byDefault("builds.attempts", "3"))
                .anySatisfy(setting -> assertThat(setting.value()).contains("@db.example.org/ifaas"))
                .noneMatch(setting -> setting.value().contains("hunter"));
    }

    @Test
    void clouds_are_those_of_clouds_yaml_with_what_the_factory_needs_to_know_beside() throws Exception {
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one, two]
                """);
        var config = read("""
                clouds_yaml: %s
                clouds:
                  - name: ours
                    network: lab
                    factory_address: 192.0.2.7/32
                    host_image: Debian 12
                    host_flavor: m1.build
                    boot_patience: 12
                openstack: {attempts: 3}
                """.formatted(clouds));
        var cloud = config.clouds().getFirst();
        assertThat(cloud.regions()).containsExactly("one", "two");
        assertThat(cloud.region("two")).isEqualTo("ours.two");
        assertThat(cloud.placement().region()).isEqualTo("one");
        assertThat(cloud.placement().patience()).isEqualTo(12);
        assertThat(config.policies().clouds().attempts()).isEqualTo(3);
        assertThat(config.toString()).doesNotContain("hush");
        assertThat(read("clouds_yaml: %s\nclouds: [{name: ours, regions: [two]}]".formatted(clouds))
                        .clouds()
                        .getFirst())
                .isEqualTo(new CloudConfig(
                        cloud.cloud(), List.of("two"), Map.of("two", GlancePolicy.defaults()), false, null, null));
    }

    @Test
    void an_endpoint_that_is_overridden_is_of_one_region() throws Exception {
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one, two]
                    image_endpoint_override: http://glance.example:9292
                    identity_endpoint_override: http://k:5000
                """);
        assertThatThrownBy(() -> read("clouds_yaml: %s\nclouds: [{name: ours}]".formatted(clouds)))
                .hasMessageContaining(
                        clouds + ": cloud ours: image_endpoint_override: is of one region, and the factory"
                                + " uses one, two: all of them would be that one. Describe each region as a cloud of its own")
                .hasMessageNotContaining("identity_endpoint_override");
        assertThat(read("clouds_yaml: %s\nclouds: [{name: ours, regions: [two]}]".formatted(clouds))
                        .clouds()
                        .getFirst()
                        .regions())
                .containsExactly("two");
    }

    @Test
    void what_is_built_comes_over_ssh_until_a_bucket_or_an_export_is_described_and_chosen() throws Exception {
        var plain = read("").handover();
        assertThat(plain.handovers().of(HostKind.QEMU, null).name()).isEqualTo("ssh");
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one]
                """);
        var chosen = read("""
                        clouds_yaml: %s
                        clouds: [{name: ours, handover: nfs}]
                        hosts: {handover: bucket}
                        handover:
                          bucket: {endpoint: "https://s3.example.org", name: images, access_key: k, secret_key_file: /s, ca_file: /ca.pem}
                          nfs: {folder: /srv/built, server: 192.0.2.9}
                        """.formatted(clouds)).handover();
        assertThat(chosen.bucket().partBytes()).isEqualTo(64 << 20);
        assertThat(chosen.bucket().caFile()).isEqualTo(Path.of("/ca.pem"));
        assertThat(chosen.nfs().export()).startsWith("exportfs");
        var ways = chosen.handovers();
        assertThat(ways.all()).hasSize(3);
        assertThat(ways.of(HostKind.NOVA, "ours").name()).isEqualTo("nfs");
        assertThat(ways.of(HostKind.NOVA, "another").name()).isEqualTo("bucket");
        assertThat(ways.of(HostKind.QEMU, "ours").name()).isEqualTo("bucket");
    }

    @Test
    void what_is_wrong_with_a_hand_over_is_told_by_its_name() {
        assertThatThrownBy(() -> read("""
                        hosts: {handover: bucket}
                        handover:
                          nfs: {folder: built, server: "a b", export: [x]}
                        """))
                .hasMessageContainingAll(
                        "hosts.handover: bucket is not described: add handover.bucket.endpoint",
                        "handover.nfs.folder: built is not the absolute path",
                        "handover.nfs.server: a b is not the name or address",
                        "handover.nfs.unexport: nothing is not a command, as the other one is");
        assertThatThrownBy(() -> read("""
                        hosts: {handover: sftp}
                        handover:
                          bucket: {endpoint: "s3.example.org", part: 1MiB, address_valid: 8d, prefix: /}
                        """))
                .hasMessageContainingAll(
                        "hosts.handover: sftp is not ssh, bucket or nfs",
                        "handover.bucket.endpoint: s3.example.org is not an address",
                        "handover.bucket.name: nothing is not the name of a bucket",
                        "handover.bucket.access_key: nothing",
                        "handover.bucket.secret_key_file: nothing",
                        "handover.bucket.part: 1MiB is not a size from 5MiB",
                        "handover.bucket.prefix: / is not a folder",
                        "handover.bucket.address_valid: PT192H is not at most 7d");
    }

    @Test
    void a_region_says_which_disk_format_it_wants_and_a_cloud_says_it_of_each_of_its_own() throws Exception {
        assertThat(read("regions: [{name: west, directory: /w, disk_format: raw}, {name: east, directory: /e}]")
                        .regions())
                .extracting(Config.Region::diskFormat)
                .containsExactly(DiskFormat.RAW, DiskFormat.QCOW2);
        assertThatThrownBy(() -> read("regions: [{name: west, directory: /w, disk_format: vmdk}]"))
                .hasMessageContaining("regions west: disk_format: vmdk is not qcow2 or raw");
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one, two]
                """);
        var ours = "clouds_yaml: %s\nclouds: [{name: ours, disk_format: %s}]";
        assertThat(read(ours.formatted(clouds, "raw")).clouds().getFirst().images())
                .hasSize(2)
                .allSatisfy((region, policy) -> assertThat(policy.diskFormat()).isEqualTo(DiskFormat.RAW));
        assertThat(read(ours.formatted(clouds, "{two: raw}"))
                        .clouds()
                        .getFirst()
                        .images())
                .hasEntrySatisfying(
                        "one", policy -> assertThat(policy.diskFormat()).isEqualTo(DiskFormat.QCOW2))
                .hasEntrySatisfying(
                        "two", policy -> assertThat(policy.diskFormat()).isEqualTo(DiskFormat.RAW));
        assertThatThrownBy(() -> read(ours.formatted(clouds, "{three: raw}")))
                .hasMessageContaining("disk_format: three=raw is not a mapping of regions that are used: one, two");
    }

    @Test
    void where_instances_of_a_cloud_reach_the_factory_is_an_address_and_a_range_of_ports() throws Exception {
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one]
                """);
        var ours = "clouds_yaml: %s\nclouds: [{name: ours, network: lab, factory_address: 192.0.2.7/32%s}]";
        assertThat(reach(ours.formatted(clouds, ""))).isNull();
        assertThat(reach(ours.formatted(clouds, ", iperf3_address: 192.0.2.7")))
                .isEqualTo(new Listening("192.0.2.7", 5201, 5299));
        assertThat(reach(ours.formatted(clouds, ", iperf3_address: '2001:db8::7', iperf3_ports: 6000-6000")))
                .isEqualTo(new Listening("2001:db8::7", 6000, 6000));
        assertThatThrownBy(() -> read(ours.formatted(clouds, ", iperf3_address: here")))
                .hasMessageContaining("iperf3_address: here is not an address of this machine");
        for (var ports : List.of("5299-5201", "0-9", "5201", "1-70000")) {
            assertThatThrownBy(
                            () -> read(ours.formatted(clouds, ", iperf3_address: 192.0.2.7, iperf3_ports: " + ports)))
                    .hasMessageContaining("iperf3_ports: " + ports + " is not a range of ports");
        }
        assertThatThrownBy(() -> read(ours.formatted(clouds, ", iperf3_ports: 5201-5299")))
                .hasMessageContaining("is not of use without iperf3_address");
    }

    private Listening reach(String yaml) throws Exception {
        return read(yaml).clouds().getFirst().placement().reach();
    }

    @Test
    void how_images_come_into_a_cloud_is_said_for_each_of_its_regions() throws Exception {
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one, two]
                """);
        var ours = "store: {directory: /srv/store}\nclouds_yaml: %s\nclouds: [{name: ours, %s}]";
        var images = read(ours.formatted(
                        clouds,
                        "import_method: {one: web-download, two: glance-direct}, stores: {two: [fast, far]},"
                                + " store_url: 'https://store.example.org/ifaas'"))
                .clouds()
                .getFirst()
                .images();
        assertThat(images)
                .containsEntry(
                        "one",
                        new GlancePolicy(
                                DiskFormat.QCOW2,
                                ImportMethod.WEB_DOWNLOAD,
                                List.of(),
                                new ServedStore(Path.of("/srv/store"), URI.create("https://store.example.org/ifaas")),
                                GlancePolicy.PATIENCE))
                .containsEntry(
                        "two",
                        new GlancePolicy(
                                DiskFormat.QCOW2,
                                ImportMethod.GLANCE_DIRECT,
                                List.of("fast", "far"),
                                null,
                                GlancePolicy.PATIENCE));
        assertThat(read(ours.formatted(clouds, "stores: [fast, far]"))
                        .clouds()
                        .getFirst()
                        .images())
                .hasEntrySatisfying("one", policy -> assertThat(policy.stores()).containsExactly("fast", "far"));
        assertThatThrownBy(() -> read(ours.formatted(clouds, "import_method: copy-image")))
                .hasMessageContaining("import_method: copy-image is not one of direct, glance-direct, web-download");
        assertThatThrownBy(() -> read(ours.formatted(clouds, "import_method: web-download")))
                .hasMessageContaining("store_url: nothing is not an address");
        assertThat(read(ours.formatted(
                                clouds,
                                "import_method: web-download, disk_format: raw, store_url: 'https://s.example.org'"))
                        .clouds()
                        .getFirst()
                        .images())
                .hasEntrySatisfying("two", policy -> {
                    assertThat(policy.method()).isEqualTo(ImportMethod.WEB_DOWNLOAD);
                    assertThat(policy.diskFormat()).isEqualTo(DiskFormat.RAW);
                });
    }

    @Test
    void directories_are_published_by_the_factory_and_clouds_by_their_publishers_unless_it_is_said_otherwise()
            throws Exception {
        assertThat(read("").ownRegions()).containsExactly("region-a", "region-b");
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  ours:
                    auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}
                    regions: [one, two]
                """);
        var regions = """
                clouds_yaml: %s
                regions: [{name: a, directory: /a}, {name: b, directory: /b, published_by: publisher}]
                clouds: [{name: ours, %s}]
                """;
        assertThat(read(regions.formatted(clouds, "regions: [one]")).ownRegions())
                .containsExactly("a");
        assertThat(read(regions.formatted(clouds, "published_by: factory")).ownRegions())
                .containsExactly("a", "ours.one", "ours.two");
        assertThatThrownBy(() -> read(regions.formatted(clouds, "published_by: me")))
                .hasMessageContaining("clouds ours: published_by: me is not factory or publisher");
    }

    @Test
    void nodes_have_a_folder_and_a_database_in_common() throws Exception {
        assertThat(read("").shared()).isEqualTo(home);
        var nodes = read("shared: /mnt/ifaas\ndatabase: {url: 'jdbc:postgresql://db/ifaas'}");
        assertThat(nodes.shared()).isEqualTo(Path.of("/mnt/ifaas"));
        assertThat(nodes.store()).isEqualTo(Path.of("/mnt/ifaas/store"));
        assertThat(nodes.regions()).allMatch(region -> region.directory().startsWith("/mnt/ifaas/regions"));
        assertThatThrownBy(() -> read("shared: /mnt/ifaas"))
                .hasMessageContaining("shared: /mnt/ifaas is not of use without database.url");
    }

    @Test
    void what_is_wrong_with_clouds_is_told_with_the_rest() throws Exception {
        var clouds = Files.writeString(home.resolve("clouds.yaml"), """
                clouds:
                  a: {auth: {auth_url: "http://k:5000", application_credential_id: a, application_credential_secret: hush}}
                  b: {auth: {auth_url: "nowhere", application_credential_id: a, application_credential_secret: hush}}
                """);
        assertThatThrownBy(() -> read("clouds_yaml: %s\nclouds: [{name: b, regions: [x]}, {name: c, regions: [x]}]"
                        .formatted(clouds)))
                .hasMessageContainingAll(
                        clouds + ": cloud b: auth.auth_url: nowhere is not an address",
                        clouds + ": there is no cloud c; there are a, b");
        assertThatThrownBy(() -> read("""
                        clouds_yaml: %s
                        clouds: [{name: a, regions: [one], network: lab, host_image: x, launch_limit: soon, colour: red}]
                        """.formatted(clouds)))
                .hasMessageContainingAll(
                        "clouds a: factory_address: none is not the address from which the factory reaches",
                        "clouds a: host_flavor: nothing is not what build hosts need",
                        "clouds a: launch_limit: soon is not a duration",
                        "clouds: there is no setting colour");
        assertThatThrownBy(() -> read("clouds_yaml: %s\nclouds: [{name: a}]".formatted(clouds)))
                .hasMessageContaining("clouds a: regions: [] is not a list of regions");
    }

    @Test
    void what_is_no_yaml_or_a_bomb_is_refused() {
        assertThatThrownBy(() -> read("a: [b")).hasMessageContaining("the file is not YAML");
        assertThatThrownBy(() -> read("a: &a [x]\nb: [*a, *a]\n")).hasMessageContaining("the file is not YAML");
        assertThatThrownBy(() -> read("- a\n")).hasMessageContaining("not a mapping");
    }

    @Test
    void every_setting_is_in_the_table_of_the_documentation_and_nothing_else_is() throws Exception {
        var documented = new TreeSet<String>();
        for (var line : Files.readAllLines(TABLE)) {
            if (line.startsWith("| `")) {
                var names = Pattern.compile("`([a-z_.]+)`").matcher(line.substring(0, line.indexOf('|', 1)));
                while (names.find()) {
                    documented.add(names.group(1));
                }
            }
        }
        assertThat(documented).isEqualTo(settings());
    }

    /** Numbers, times and sizes for which there is no single value that could stand in the table. */
    private static final Set<String> DEPENDS = Set.of("port", "hosts.cpus", "hosts.roots.limit", "mail.smtp.port");

    @Test
    void the_table_says_each_default_as_it_is() throws IOException {
        var defaults = defaults().effective().stream()
                .collect(Collectors.toMap(SettingView::name, view -> measure(view.value())));
        assertThat(defaults).containsAllEntriesOf(Map.of("builds.heartbeat", "PT4S", "logs.line", "16384"));
        var compared = new TreeSet<>(DEPENDS);
        for (var line : Files.readAllLines(TABLE)) {
            if (!line.startsWith("| `") || !line.split("\\|")[2].matches(" `[^`…]*`(, `[^`…]*`)* ")) {
                continue;
            }
            var names = quoted(line.split("\\|")[1]);
            var values = quoted(line.split("\\|")[2]);
            for (int i = 0; i < names.size(); i++) {
                if (values.size() == names.size() && !DEPENDS.contains(names.get(i))) {
                    assertThat(defaults.get(names.get(i))).as(names.get(i)).isEqualTo(measure(values.get(i)));
                    compared.add(names.get(i));
                }
            }
        }
        defaults.forEach((name, value) -> {
            if (value.matches("[0-9]+|PT.*|true|false") && !name.startsWith("limits.")) {
                assertThat(compared).contains(name);
            }
        });
    }

    @Test
    void the_limits_of_the_stages_are_as_they_are_said() throws IOException {
        var text = Files.readString(TABLE);
        assertThat(text).contains("10 minutes each, but: ");
        var but = Pattern.compile("`([a-z-]+)` ([0-9]+[mh])")
                .matcher(text.substring(text.indexOf("10 minutes each, but: ")))
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        for (var setting : defaults().effective()) {
            if (setting.name().startsWith("limits.")) {
                var stage = setting.name().replace("limits.", "");
                assertThat(measure(setting.value())).as(stage).isEqualTo(measure(but.getOrDefault(stage, "10m")));
            }
        }
    }

    private static List<String> quoted(String cell) {
        return Pattern.compile("`([^`]*)`")
                .matcher(cell)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** Times and sizes in one form, everything else as it is. */
    private static String measure(String text) {
        if (text.matches("P.*|[0-9]+(ms|[smhd])")) {
            return Settings.duration(text).toString();
        }
        return text.matches("[0-9]+[KMG]iB")
                ? Long.toString(new Settings("size: " + text).size("size", 0, 0, Long.MAX_VALUE))
                : text;
    }

    private TreeSet<String> settings() throws IOException {
        var names = new TreeSet<>(defaults().names());
        names.removeIf(name -> name.startsWith("limits."));
        return names;
    }

    private Settings defaults() throws IOException {
        var settings = new Settings("");
        Config.read(new Config.Arguments(home, home, null, null, 0), settings);
        return settings;
    }
}
