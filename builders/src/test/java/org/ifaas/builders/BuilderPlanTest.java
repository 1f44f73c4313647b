package org.ifaas.builders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ifaas.factory.image.Builder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuilderPlanTest {
    static Stream<Builder> builders() {
        return Stream.of(
                new DiskImageBuilder(),
                new ImportBuilder(),
                new KiwiBuilder(),
                new MmdebstrapBuilder(),
                new ScriptBuilder());
    }

    @ParameterizedTest
    @MethodSource("builders")
    void everythingOfABuildLiesInItsWorkFolder(Builder builder) {
        var plan = builder.plan(Definitions.inputs(builder.name(), "system", Map.of()));

        assertThat(plan.files().keySet()).allMatch(path -> path.startsWith("/var/lib/ifaas/run/scripts/"));
        assertThat(plan.command().argv()).containsExactly("/var/lib/ifaas/run/scripts/build.sh");
        assertThat(plan.command().directory()).isEqualTo("/var/lib/ifaas/run");
        assertThat(plan.image()).isEqualTo("/var/lib/ifaas/run/debian-12-20261122.1.qcow2");
        assertThat(plan.packageList()).isEqualTo("/var/lib/ifaas/run/debian-12-20261122.1.packages.tsv");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aScriptFindsEveryFileBesideItThatItCalls(Builder builder) {
        var plan = builder.plan(Definitions.inputs(builder.name(), "system", Map.of()));

        var called = new HashSet<String>();
        var beside = Pattern.compile("(?:\\$here|\\$\\{0%/\\*})/([a-z_-]+\\.sh)\\b");
        plan.files()
                .values()
                .forEach(text -> beside.matcher(text)
                        .results()
                        .forEach(found -> called.add("/var/lib/ifaas/run/scripts/" + found.group(1))));
        assertThat(called).contains("/var/lib/ifaas/run/scripts/lib.sh");
        assertThat(plan.files().keySet()).containsAll(called);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void whatTheScriptsReadIsInTheirEnvironment(Builder builder) {
        var environment = builder.plan(Definitions.inputs(builder.name(), "system", Map.of("FLAVOUR", "small")))
                .command()
                .environment();

        assertThat(environment)
                .containsEntry("IFAAS_DEFINITION", "/srv/checkout/images/debian-12")
                .containsEntry("IFAAS_DESCRIPTION", "/srv/checkout/images/debian-12/system")
                .containsEntry("IFAAS_WORK", "/var/lib/ifaas/run")
                .containsEntry("IFAAS_IMAGE", "/var/lib/ifaas/run/debian-12-20261122.1.qcow2")
                .containsEntry(
                        "IFAAS_MIRROR",
                        "deb http://mirror.example/debian bookworm main\n"
                                + "deb http://mirror.example/security bookworm-security main contrib")
                .containsEntry("IFAAS_KEYRING", "/var/lib/ifaas/archive.gpg")
                .containsEntry("IFAAS_DISK_MIB", "2048")
                .containsEntry("IFAAS_COMPRESSION", "zlib")
                .containsEntry("IFAAS_FIRMWARE", "bios")
                .containsEntry("IFAAS_OPTION_FLAVOUR", "small")
                .containsEntry("SOURCE_DATE_EPOCH", "1795305600");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aDefinitionWhoseDescriptionIsTheFolderItselfIsNamedWithoutADot(Builder builder) {
        var environment = builder.plan(Definitions.inputs(builder.name(), ".", Map.of()))
                .command()
                .environment();

        assertThat(environment).containsEntry("IFAAS_DESCRIPTION", "/srv/checkout/images/debian-12");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aHostileOptionIsAValueAndNeverPartOfACommandOrScript(Builder builder) {
        var hostile = "a \"b' $(touch /tmp/owned) `id`\nsecond; rm -rf / --";
        var plain = builder.plan(Definitions.inputs(builder.name(), "system", Map.of()));
        var plan = builder.plan(Definitions.inputs(builder.name(), "system", Map.of("TEXT", hostile)));

        assertThat(plan.command().environment()).containsEntry("IFAAS_OPTION_TEXT", hostile);
        assertThat(plan.command().argv()).isEqualTo(plain.command().argv());
        assertThat(plan.files()).isEqualTo(plain.files());
    }

    @Test
    void anOptionCannotTakeThePlaceOfWhatTheFactorySays() {
        var options = Map.of("SEED", "mine", "X", "y");
        var environment = new ScriptBuilder()
                .plan(Definitions.inputs("script", "build", options))
                .command()
                .environment();

        assertThat(environment).containsEntry("IFAAS_SEED", "00112233445566778899aabbccddeeff");
        assertThat(environment).doesNotContainKeys("PATH", "SEED", "X");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void packagesOfAHostAreNamesAndNothingElse(Builder builder) {
        assertThat(builder.packages("debian-12"))
                .isNotEmpty()
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z0-9][a-z0-9.+-]+"));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aHostileValueReachesAProgramOfTheHostUnchanged(Builder builder) throws IOException, InterruptedException {
        var hostile = "two words 'quoted' \"twice\" $(false) `false`\nnext line";
        var plan = builder.plan(Definitions.inputs(builder.name(), "system", Map.of("TEXT", hostile)));
        var process = new ProcessBuilder(List.of("printenv", "IFAAS_OPTION_TEXT"));
        process.environment().putAll(plan.command().environment());
        var running = process.start();

        var seen = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor()).isZero();
        assertThat(seen).isEqualTo(hostile + "\n");
    }
}
