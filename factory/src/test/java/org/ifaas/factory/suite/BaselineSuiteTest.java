package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The façade, with real scripts over a connection to this machine; files are those of a folder. */
class BaselineSuiteTest {
    private static final SuitePolicy QUICK = new SuitePolicy(Duration.ofSeconds(30), Duration.ofSeconds(1), 1, 1 << 20);

    @TempDir
    Path folder;

    private final BaselineSuite suite = new BaselineSuite(QUICK, InstantSource.system());
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private FakeInstance instance;
    private LocalConnection connection;

    @BeforeEach
    void makeInstance() throws IOException {
        instance = new FakeInstance(folder);
        connection = new LocalConnection() {
            @Override
            public String read(Command command, Duration limit) throws StageFailure, InterruptedException {
                var environment = Map.of("IFAAS_ROOT", instance.root.toString());
                return super.read(new Command(command.argv(), environment, command.directory()), limit);
            }
        };
    }

    private static SuiteInputs inputs(Set<String> customerHosts, Script... own) {
        return inputs("mirror.build.example", customerHosts, own);
    }

    private static SuiteInputs inputs(String mirror, Set<String> customerHosts, Script... own) {
        return new SuiteInputs(
                "root",
                "localhost",
                "ssh-ed25519 " + FakeInstance.SEED + " build x",
                Duration.ofSeconds(9),
                Duration.ofSeconds(10),
                1,
                1000,
                1000,
                Set.of(mirror),
                customerHosts,
                null,
                "tool\t2.0-1\n",
                List.of(own));
    }

    private static Outcome outcome(SuiteResult result, String script, String point) {
        return result.scripts().stream()
                .filter(it -> it.name().equals(script))
                .flatMap(it -> it.cases().stream())
                .filter(it -> it.name().equals(point))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    @Test
    void allScriptsRunWithTheirParametersAndTheDefinitionsOwnComeLast() throws Exception {
        var own = new Script("tests/own.sh", "echo 1..1; echo \"ok 1 - as $IFAAS_USER\"");
        var result = suite.run(inputs(Set.of(), own), connection, () -> "Debian\nlocalhost login: ", lines::add);

        var names = new ArrayList<>(BaselineSuite.SCRIPTS);
        names.addAll(List.of("console-log", "tests/own.sh"));
        assertThat(result.scripts()).extracting(ScriptResult::name).containsExactlyElementsOf(names);
        assertThat(result.failures())
                .noneMatch(it -> it.matches("(leftovers|disk|hostname|network|packages|console-log|tests/own.sh): .*"))
                .noneMatch(it -> it.contains(Tap.WHOLE));
        assertThat(outcome(result, "boot", "the first login came within the boot budget"))
                .isEqualTo(new Outcome.Passed());
        assertThat(outcome(result, "packages", "no update is pending against the mirror's state at the build"))
                .isEqualTo(new Outcome.Passed());
        assertThat(outcome(result, "tests/own.sh", "as root")).isEqualTo(new Outcome.Passed());
        assertThat(result.figures()).containsEntry("packages", 1.0);
    }

    @Test
    void aConsoleWithoutALoginPromptFails() throws Exception {
        var result = suite.run(inputs(Set.of()), connection, () -> "Kernel panic", lines::add);
        assertThat(result.failures()).contains("console-log: the serial console shows a login prompt");
    }

    @Test
    void aMirrorThatTheCustomersUseTooIsNoLeftover() throws Exception {
        var result = suite.run(inputs(Set.of("mirror.build.example")), connection, () -> "", lines::add);
        assertThat(outcome(result, "leftovers", "the build's mirror is named nowhere"))
                .isEqualTo(new Outcome.Skipped("the image is meant to use the mirrors it was built from"));
    }

    @Test
    void aMirrorOnThisMachineIsNotFoundInTheHostsFile() throws Exception {
        var mirror = "the build's mirror is named nowhere";
        instance.file("etc/hosts", "127.0.0.1 localhost\n");
        instance.age("etc/hosts");
        var inputs = inputs("127.0.0.1", Set.of());
        assertThat(outcome(suite.run(inputs, connection, () -> "", lines::add), "leftovers", mirror))
                .isEqualTo(new Outcome.Passed());

        instance.file("etc/apt/preferences.d/x", "# http://127.0.0.1/debian\n");
        instance.age("etc/apt/preferences.d/x");
        assertThat(outcome(suite.run(inputs, connection, () -> "", lines::add), "leftovers", mirror))
                .isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void anImageThatCannotRunTheBaselineRunsItsOwnTestsAlone() throws Exception {
        var own = new Script("tests/own.sh", "echo 1..1; echo not ok 1 - tiny");
        var result = suite.ownOnly(inputs(Set.of(), own), connection, lines::add);
        assertThat(result.failures()).containsExactly("tests/own.sh: tiny");
        assertThat(suite.ownOnly(inputs(Set.of()), connection, lines::add)).isEqualTo(SuiteResult.NONE);
    }

    @Test
    void aSecondInstanceIsComparedWithTheFirst() throws Exception {
        var first = suite.identity(inputs(Set.of()), connection, lines::add);
        assertThat(first.machineId()).isEqualTo(FakeInstance.MACHINE_ID);
        assertThat(suite.secondInstance(inputs(Set.of()), first, connection, lines::add)
                        .failures())
                .containsExactly(
                        "two-instances: two instances have different machine ids",
                        "two-instances: two instances have different host keys");
        instance.file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        instance.file("etc/ssh/ssh_host_rsa_key.pub", "ssh-rsa AAAAnew x\n");
        instance.file("etc/ssh/ssh_host_ed25519_key.pub", "ssh-ed25519 AAAAnewer x\n");
        assertThat(suite.secondInstance(inputs(Set.of()), first, connection, lines::add)
                        .failures())
                .isEmpty();
    }

    @Test
    void anInstanceIsComparedWithItselfBeforeItsReboot() throws Exception {
        var before = suite.identity(inputs(Set.of()), connection, lines::add);
        instance.file("proc/sys/kernel/random/boot_id", "b00t-2\n");
        instance.file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        assertThat(suite.afterReboot(inputs(Set.of()), before, connection, lines::add)
                        .failures())
                .contains("reboot: the machine id is the same after a reboot")
                .doesNotContain(
                        "reboot: the instance has rebooted", "reboot: the host keys are the same after a reboot");
    }
}
