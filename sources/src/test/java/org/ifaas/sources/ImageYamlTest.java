package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.CertificationStep;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.definition.ImageDefinition.Os;
import org.ifaas.factory.definition.ImageDefinition.OwnStage;
import org.ifaas.factory.definition.ImageDefinition.Sizes;
import org.ifaas.factory.definition.ImageDefinition.Tests;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.schedule.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageYamlTest {
    private static final String SHORT = """
            name: debian-12
            title: Debian 12
            builder: mmdebstrap
            os:
              distro: debian
              version: 12
            owner: images@example.org
            """;

    @Test
    void a_short_definition_is_filled_with_defaults() throws Exception {
        assertThat(read(SHORT))
                .isEqualTo(new ImageDefinition(
                        "debian-12",
                        "Debian 12",
                        "mmdebstrap",
                        "Standard_Debian_12_amd64_bios",
                        ".",
                        new Os("debian", "12", "bookworm", "debian"),
                        "amd64",
                        Firmware.BIOS,
                        new Sizes(3072, 3, 512),
                        "zlib",
                        "images@example.org",
                        List.of(),
                        new Tests("baseline", List.of(), 120, false, List.of()),
                        Map.of(),
                        "monthly",
                        0,
                        List.of(),
                        false,
                        Map.of(),
                        null,
                        List.of(),
                        List.of()));
    }

    @Test
    void own_stages_run_before_or_after_those_that_have_a_host_with_the_sources() throws Exception {
        assertThat(read(SHORT + """
                        stages:
                          - {name: scan, after: build-image, script: tests/own.sh}
                          - {name: keys, before: configure-build-host, script: tests/own.sh}
                        """).stages())
                .containsExactly(
                        new OwnStage("scan", false, "build-image", "tests/own.sh"),
                        new OwnStage("keys", true, "configure-build-host", "tests/own.sh"));
    }

    @ParameterizedTest
    @EnumSource(StageName.class)
    void an_own_stage_has_any_stage_from_the_sources_on_to_the_request(StageName stage) {
        boolean before =
                stage.compareTo(StageName.CHECK_OUT_SOURCES) > 0 && stage.compareTo(StageName.REQUEST_PUBLICATION) <= 0;
        boolean after =
                stage.compareTo(StageName.CHECK_OUT_SOURCES) >= 0 && stage.compareTo(StageName.REQUEST_PUBLICATION) < 0;
        for (var when : Map.of("before", before, "after", after).entrySet()) {
            var yaml = SHORT
                    + "stages: [{name: scan, %s: %s, script: tests/own.sh}]%n".formatted(when.getKey(), stage.slug());
            if (when.getValue()) {
                assertThatCode(() -> read(yaml)).doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> read(yaml)).hasMessageContaining(":8: stages[0]." + when.getKey());
            }
        }
    }

    @Test
    void an_own_stage_that_cannot_be_is_refused_with_the_mend() {
        for (var bad : Map.of(
                        "{name: scan, after: sing-image, script: tests/own.sh}",
                                "stages[0].after is “sing-image”, which is none of check-out-sources, configure-build-host,",
                        "{name: scan, before: check-out-sources, script: tests/own.sh}",
                                "stages[0].before is “check-out-sources”, which is too early: no build host has the sources"
                                        + " then. Write after: check-out-sources, or a later stage.",
                        "{name: scan, after: request-publication, script: tests/own.sh}",
                                "stages[0].after is “request-publication”, which is too late: publication is requested by"
                                        + " then, and nothing can hold it up. Write before: request-publication,",
                        "{name: scan, script: tests/own.sh}", "stages[0] has neither before nor after",
                        "{name: scan, before: build-image, after: build-image, script: tests/own.sh}",
                                "stages[0] has both before and after",
                        "{name: Scan, after: build-image, script: tests/own.sh}", "stages[0].name is “Scan”",
                        "{name: scan, after: build-image, script: ../x}", "stages[0].script is “../x”",
                        "{name: scan, after: build-image, script: missing.sh}",
                                "stages[0].script is “missing.sh”, which is not in the definition's folder",
                        "{name: scan, after: build-image, script: tests/own.sh}, {name: scan, after: build-image, script: tests/own.sh}",
                                "stages[1].name is “scan”, which is the name of another stage")
                .entrySet()) {
            assertThatThrownBy(() -> read(SHORT + "stages: [" + bad.getKey() + "]\n"))
                    .isInstanceOf(InvalidDefinition.class)
                    .hasMessageContaining(":8: " + bad.getValue());
        }
    }

    @Test
    void a_certification_has_steps_with_names_of_their_own() throws Exception {
        assertThat(read(SHORT + """
                        certification:
                          - {name: vulnerabilities, title: No critical vulnerability, who: Security}
                          - {name: legal, title: Licences are in order}
                        """).certification())
                .containsExactly(
                        new CertificationStep("vulnerabilities", "No critical vulnerability", "Security"),
                        new CertificationStep("legal", "Licences are in order", ""));
        for (var bad : Map.of(
                        "{name: a}", "certification[0].title is missing",
                        "{name: A b, title: x}", "certification[0].name is “A b”",
                        "{name: a, title: x}, {name: a, title: y}",
                                "certification[1].name is “a”, which is the name of another step")
                .entrySet()) {
            assertThatThrownBy(() -> read(SHORT + "certification: [" + bad.getKey() + "]\n"))
                    .isInstanceOf(InvalidDefinition.class)
                    .hasMessageContaining(":8: " + bad.getValue());
        }
    }

    @Test
    void a_schedule_runs_by_the_clock_of_its_zone() throws Exception {
        assertThat(read(SHORT + "schedule: {cron: 30 3 * * MON}\n").schedule())
                .isEqualTo(new Timing("30 3 * * MON", ZoneId.of("UTC"), Duration.ZERO));
        assertThat(read(SHORT + "schedule: {cron: 0 5 1 * *, zone: Europe/Berlin, jitter: 30m}\n")
                        .schedule())
                .isEqualTo(new Timing("0 5 1 * *", ZoneId.of("Europe/Berlin"), Duration.ofMinutes(30)));
    }

    @Test
    void a_schedule_that_is_none_is_refused_at_its_line() {
        for (var bad : Map.of(
                        "{cron: 99 3 * * 1}", "schedule.cron is “99 3 * * 1”, which is no cron expression",
                        "{cron: 0 0 31 2 *}", "schedule.cron is “0 0 31 2 *”, which never comes",
                        "{cron: daily}", "schedule.cron is “daily”, which is not allowed there",
                        "{cron: 0 5 1 * *, zone: Berlin}", "schedule.zone is “Berlin”, which is no time zone",
                        "{cron: 0 5 1 * *, jitter: soon}", "schedule.jitter is “soon”, which is not allowed there",
                        "{zone: UTC}", "schedule.cron is missing")
                .entrySet()) {
            assertThatThrownBy(() -> read(SHORT + "schedule: " + bad.getKey() + "\n"))
                    .isInstanceOf(InvalidDefinition.class)
                    .hasMessageContaining(":8: " + bad.getValue());
        }
    }

    @Test
    void every_field_can_be_given() throws Exception {
        var definition = read("""
                name: debian-12
                title: "Debian 12: slim"
                builder: kiwi
                publish_as: Standard_Debian_12_amd64_uefi
                description: kiwi/config.xml
                os: {distro: debian, version: "12", codename: bookworm, user: admin}
                architecture: arm64
                firmware: uefi
                sizes: {disk_mib: 2049, min_ram_mib: 1024, min_disk_gib: 10}
                compression: zstd
                owner: images@example.org
                team: [a@example.org, b@example.org]
                tests: {suite: none, own: [tests/own.sh], boot_budget_seconds: 30, two_instances: true, flavors: [SCS-2V-4-10, m1.large]}
                properties: {hw_disk_bus: scsi, os_secure_boot: true, hotfix_hours: 0, note: 24.10}
                replace_frequency: weekly
                regions: [west, east]
                copy_before_test: true
                options: {SLIM: yes, LEVEL: 010}
                """);
        assertThat(definition.sizes()).isEqualTo(new Sizes(2049, 10, 1024));
        assertThat(definition.tests())
                .isEqualTo(new Tests("none", List.of("tests/own.sh"), 30, true, List.of("SCS-2V-4-10", "m1.large")));
        assertThat(definition.properties())
                .isEqualTo(
                        Map.of("hw_disk_bus", "scsi", "os_secure_boot", "true", "hotfix_hours", "0", "note", "24.10"));
        assertThat(definition.options()).isEqualTo(Map.of("SLIM", "yes", "LEVEL", "010"));
        assertThat(definition.regions()).containsExactly("west", "east");
        assertThat(definition.os().user()).isEqualTo("admin");
        assertThat(definition.firmware()).isEqualTo(Firmware.UEFI);
    }

    @Test
    void the_least_disk_is_the_disk_rounded_up() throws Exception {
        assertThat(read(SHORT + "sizes: {disk_mib: 2049}\n").sizes()).isEqualTo(new Sizes(2049, 3, 512));
    }

    @Test
    void two_letters_that_changed_places_are_one_mistake() {
        assertThat(String.valueOf(refused("titel: Debian 12\n").getMessage()))
                .contains("titel is not a field there. Did you mean title?");
    }

    @Test
    void all_errors_are_told_at_once_with_file_line_field_and_mend() {
        var refused = refused("""
                name: debian-13
                title: Debian 12
                builder: kiwii
                os:
                  distro: Debian
                  version: 12
                  codname: bookworm
                compression: zst
                team:
                  - a@example.org
                  - nobody
                sizes:
                  disk_mib: 3000
                  min_disk_gib: 1
                description: missing.xml
                """);
        assertThat(String.valueOf(refused.getMessage()).lines())
                .containsExactly(
                        "images/debian-12/image.yaml:1: owner is missing. Add it: mail address of the image's owner.",
                        "images/debian-12/image.yaml:1: name is “debian-13”, which is not the name of its folder. Write debian-12,"
                                + " or rename the folder.",
                        "images/debian-12/image.yaml:3: builder is “kiwii”, which is none of diskimage-builder, import, kiwi, mmdebstrap,"
                                + " script. Write kiwi.",
                        "images/debian-12/image.yaml:5: os.distro is “Debian”, which is not allowed there. It has to be: in Glance's"
                                + " words, os_distro: lower-case letters, digits, dots and hyphens.",
                        "images/debian-12/image.yaml:7: os.codname is not a field there. Did you mean codename? Otherwise remove"
                                + " it.",
                        "images/debian-12/image.yaml:8: compression is “zst”, which is none of zlib, zstd. Write zstd.",
                        "images/debian-12/image.yaml:11: team[1] is “nobody”, which is not allowed there. It has to be: a plain mail"
                                + " address, such as images@example.org.",
                        "images/debian-12/image.yaml:14: sizes.min_disk_gib is “1”, which is smaller than the disk of 3000 MiB."
                                + " Write 3, or remove it.",
                        "images/debian-12/image.yaml:15: description is “missing.xml”, which is not in the definition's folder."
                                + " Correct the path, or commit the file; a link must not lead out of the repository.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "description: ../../etc/passwd",
                "description: /etc/passwd",
                "description: a/../b",
                "description: a//b",
                "description: .git/config",
                "publish_as: \"-x\"",
                "publish_as: \"a\\nb\"",
                "publish_as: ../x",
                "publish_as: Debian_12_latest",
                "publish_as: Debian_12_prev1",
                "lifecycle: {visible_previous: 3}",
                "lifecycle: {visible_previous: -1}",
                "lifecycle: {hide: all}",
                "team: [\"a@b.org\\nBcc: c@d.org\"]",
                "team: [a@b.org, a@b.org]",
                "properties: {status: active}",
                "properties: {min_disk: 1}",
                "properties: {x: \"a\\nb\"}",
                "properties: {x: [1]}",
                "properties: {\"a b\": x}",
                "options: {lower: x}",
                "options: {A: \"x\\0y\"}",
                "regions: [\"../x\"]",
                "regions: [west, west]",
                "tests: {suite: none}",
                "tests: {own: [../x.sh]}",
                "tests: {own: [absent.sh]}",
                "tests: {boot_budget_seconds: 0}",
                "tests: {boot_budget_seconds: 1.5}",
                "sizes: {disk_mib: 99999999999999999999}",
                "sizes: {disk_mib: .inf}",
                "firmware: efi",
                "architecture: arm64",
                "copy_before_test: maybe",
                "replace_frequency: hourly",
                "publish_as:",
                "further: x",
                "<<: {further: x}",
                "title: twice",
            })
    void a_field_that_cannot_be_is_refused(String line) {
        var problems = refused(SHORT + line + "\n").problems();
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line()).isEqualTo(8);
        assertThat(problems.getFirst().problem().mend()).isNotEmpty();
        assertThat(problems.getFirst().text()).doesNotContain("\n").doesNotContain("\u0000");
    }

    @Test
    void a_lifecycle_says_how_many_stay_visible_of_which_generic_allows_none() throws Exception {
        assertThat(read(SHORT + "lifecycle: {visible_previous: 2}\n").visiblePrevious())
                .isEqualTo(2);
        assertThat(read(SHORT + "properties: {os_purpose: generic}\n").visiblePrevious())
                .isZero();
        assertThat(refused(SHORT + "properties: {os_purpose: generic}\nlifecycle:\n  visible_previous: 1\n"))
                .hasMessage(
                        "images/debian-12/image.yaml:10: lifecycle.visible_previous is “1”, which leaves several images"
                                + " visible, of which os_purpose: generic allows one. Write 0, or another os_purpose.");
    }

    @ParameterizedTest
    @CsvSource({
        "debian, 12, amd64, bios, Standard_Debian_12_amd64_bios",
        "ubuntu, '24.04', amd64, uefi, Standard_Ubuntu_24.04_amd64_uefi",
        "opensuse-leap, 15.6~rc1, arm64, uefi, Standard_Opensuse-leap_15.6-rc1_arm64_uefi",
    })
    void the_public_name_is_made_from_what_is_in_the_image(
            String distro, String version, String architecture, String firmware, String name) throws Exception {
        var yaml = SHORT.replace("mmdebstrap", "script")
                .replace("distro: debian", "distro: " + distro)
                .replace("version: 12", "version: '" + version + "'\n  codename: some");
        var read = ImageYaml.read(
                (yaml + "description: tests/own.sh\narchitecture: " + architecture + "\nfirmware: " + firmware + "\n")
                        .getBytes(StandardCharsets.UTF_8),
                "images/debian-12/image.yaml",
                "debian-12",
                path -> true);
        assertThat(read.publishAs()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../debian-12", "Debian", "a..b", "-x", "a/b", "$(id)", "a\\nb", ""})
    void a_name_that_cannot_be_is_refused(String name) {
        var refused = refused(SHORT.replace("name: debian-12", "name: \"" + name + "\""));
        assertThat(refused.problems().getFirst().problem().field()).isEqualTo("name");
    }

    /** Read from the folder, so that somebody who edits one hears of it before committing. */
    @Test
    void the_definitions_that_come_with_the_product_are_valid() throws Exception {
        try (var folders = Files.list(Path.of("../images"))) {
            var definitions = folders.filter(folder -> Files.exists(folder.resolve("image.yaml")))
                    .toList();
            assertThat(definitions).isNotEmpty();
            for (var folder : definitions) {
                var name = folder.getFileName().toString();
                var content = Files.readAllBytes(folder.resolve("image.yaml"));
                var read = ImageYaml.read(
                        content, folder + "/image.yaml", name, path -> Files.exists(folder.resolve(path)));
                assertThat(read.name()).isEqualTo(name);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mmdebstrap | firmware: uefi | 8: firmware is “uefi”, which is not what the builder mmdebstrap makes images for: that is bios.",
                "diskimage-builder | firmware: uefi | 8: firmware is “uefi”, which is not what the builder diskimage-builder makes",
                "mmdebstrap | architecture: arm64 | 8: architecture is “arm64”, which has no BIOS, and the builder mmdebstrap",
                "kiwi | architecture: arm64 | 1: firmware is “bios”, which does not exist for arm64.",
                "script | architecture: arm64 | 1: firmware is “bios”, which does not exist for arm64.",
            })
    void what_a_builder_makes_no_image_for_is_refused(String builder, String line, String told) {
        assertThat(refused(SHORT.replace("mmdebstrap", builder) + line + "\n"))
                .hasMessageStartingWith("images/debian-12/image.yaml:" + told)
                .hasMessageContaining(". Write ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kiwi", "script", "import"})
    void the_others_take_what_the_definition_says(String builder) throws Exception {
        var definition = read(SHORT.replace("mmdebstrap", builder) + "firmware: uefi\n");
        assertThat(definition.firmware()).isEqualTo(Firmware.UEFI);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kiwi", "mmdebstrap"})
    void an_archive_whose_keyring_no_build_host_has_is_refused(String builder) throws Exception {
        var ubuntu = SHORT.replace("distro: debian", "distro: ubuntu").replace("version: 12", "version: '24.04'");
        assertThat(refused(ubuntu.replace("mmdebstrap", builder)))
                .hasMessageStartingWith(
                        "images/debian-12/image.yaml:5: os.distro is “ubuntu”, which has an archive whose"
                                + " keyring is not on a build host: the builder " + builder + " checks");
        assertThat(read(ubuntu.replace("mmdebstrap", "diskimage-builder")).os().codename())
                .isEqualTo("noble");
    }

    @Test
    void an_archive_needs_a_codename() {
        assertThat(refused(SHORT.replace("version: 12", "version: 99")))
                .hasMessage(
                        "images/debian-12/image.yaml:4: os.codename is not known for debian 99. Add the suite's name in the"
                                + " distribution's archive, such as codename: bookworm.");
    }

    @Test
    void a_script_needs_none() throws Exception {
        var script = SHORT.replace("mmdebstrap", "script").replace("distro: debian", "distro: tiny");
        assertThat(read(script).os()).isEqualTo(new Os("tiny", "12", "", "tiny"));
    }

    @Test
    void an_alias_may_be_used() throws Exception {
        assertThat(read(SHORT + "team: [&a a@example.org]\nproperties: {contact: *a}\n")
                        .properties())
                .isEqualTo(Map.of("contact", "a@example.org"));
    }

    @Test
    void a_bomb_of_aliases_is_refused() {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            var alias = "*a" + (i - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(",", Collections.nCopies(8, alias))));
        }
        assertThat(refused(bomb.toString()).getMessage()).contains("too large once its aliases are written out");
    }

    @Test
    void an_alias_to_itself_is_refused() {
        assertThat(refused("a: &a [*a]\n").problems()).hasSize(1);
    }

    @Test
    void deep_nesting_is_refused() {
        assertThat(refused("a: " + "[".repeat(100_000)).getMessage()).contains("nested more than 16 deep");
        assertThat(refused("a: " + "{a: ".repeat(50_000)).getMessage()).contains("nested more than 16 deep");
    }

    @Test
    void a_huge_file_or_value_is_refused() {
        assertThat(refused("# " + "x".repeat(256 * 1024)).getMessage()).contains("larger than 256 KiB");
        assertThat(refused("a: " + "9".repeat(200_000)).getMessage()).contains("more than 8192 characters");
    }

    @Test
    void what_is_no_plain_yaml_is_refused_with_its_line() {
        assertThat(refused("name: x\nos: [\n")).hasMessageStartingWith("images/debian-12/image.yaml:3: it is not YAML");
        assertThat(refused("name: x\n--- \nname: y\n").problems()).hasSize(1);
        assertThat(refused("name: !!java.io.File x\n")).hasMessageContaining("has the tag");
        assertThat(refused("!!set {name}\n")).hasMessageContaining("has the tag");
        assertThat(refused("? [a]\n: b\n").problems()).hasSize(1);
        assertThat(refused("")).hasMessageContaining("is empty");
        assertThat(refused("just text")).hasMessageContaining("is not a mapping of names to values");
        assertThat(refused("name: a\tb: c\n").problems()).isNotEmpty();
    }

    @Test
    void invalid_utf8_is_refused_with_its_line() {
        var bytes = "name: x\ntitle: ?\n".getBytes(StandardCharsets.UTF_8);
        bytes[15] = (byte) 0xff;
        assertThat(catchThrowableOfType(
                        InvalidDefinition.class, () -> ImageYaml.read(bytes, "image.yaml", "x", path -> true)))
                .hasMessage("image.yaml:2: it is not UTF-8 at byte 15. Save it as UTF-8.");
    }

    @Test
    void a_control_character_or_half_a_character_is_refused_with_its_line() {
        assertThat(refused("name: x\ntitle: a\0b\n"))
                .hasMessage(
                        "images/debian-12/image.yaml:2: it has the control character U+0000. Remove it, or escape it.");
        assertThat(refused("name: x\ntitle: \"a\\ud800\"\n"))
                .hasMessageContaining("image.yaml:2: it has half a character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999", "-1e9999", "1e-9999", "1e2147483647", "99999999999999999999999999999999999999"})
    void a_number_without_end_is_no_number(String number) {
        assertThat(refused("sizes: {disk_mib: " + number + "}\n").problems())
                .anySatisfy(located -> assertThat(located.problem().field()).isEqualTo("sizes.disk_mib"));
    }

    private static ImageDefinition read(String yaml) throws Exception {
        return ImageYaml.read(
                yaml.getBytes(StandardCharsets.UTF_8),
                "images/debian-12/image.yaml",
                "debian-12",
                Set.of("kiwi/config.xml", "tests/own.sh")::contains);
    }

    private static InvalidDefinition refused(String yaml) {
        var refused = catchThrowableOfType(InvalidDefinition.class, () -> read(yaml));
        assertThat(refused).isNotNull();
        return refused;
    }
}
