package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.StageName;
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
                        publication: {four_eyes: maybe}
                        repositories: [{name: ours, url: "ext::sh -c x"}]
                        """))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContainingAll(
                        "builds.parallel: many is not a whole number from 1 to 64",
                        "builds.heartbeats: there is no such setting",
                        "logs.line: 1GiB is not a size from 80 bytes to 32KiB",
                        "a region with a name of letters",
                        "publication.four_eyes: maybe is not true or false",
                        "the url of a repository is");
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
                .isEqualTo(new CloudConfig(cloud.cloud(), List.of("two"), null));
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

    private TreeSet<String> settings() throws IOException {
        var settings = new Settings("");
        Config.read(new Config.Arguments(home, home, null, null, 0), settings);
        var names = new TreeSet<>(settings.names());
        names.removeIf(name -> name.startsWith("limits."));
        return names;
    }
}
