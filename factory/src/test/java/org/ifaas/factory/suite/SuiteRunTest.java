package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.junit.jupiter.api.Test;

class SuiteRunTest {
    private static final SuitePolicy SMALL = new SuitePolicy(Duration.ofSeconds(20), Duration.ofSeconds(1), 1, 10_000);

    private final LocalConnection connection = new LocalConnection();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private SuiteRun open(LocalConnection connection, String user, Script... scripts) throws Exception {
        return SuiteRun.open(
                connection,
                user,
                Map.of("IFAAS_VALUE", "it's"),
                Map.of(),
                List.of(scripts),
                SMALL,
                InstantSource.system(),
                lines::add);
    }

    private ScriptResult run(String content, Duration limit) throws Exception {
        try (var run = open(connection, "root", new Script("tests/My Test.sh", content))) {
            return run.run(limit).scripts().getFirst();
        }
    }

    private ScriptResult run(String content) throws Exception {
        return run(content, Duration.ofSeconds(20));
    }

    @Test
    void aScriptSeesItsParametersAndItsResultIsRead() throws Exception {
        var result = run("#!/bin/sh\necho 1..1\necho \"ok 1 - $IFAAS_VALUE\"\n");
        assertThat(result.name()).isEqualTo("tests/My Test.sh");
        assertThat(result.cases()).containsExactly(TestCase.passed("it's"));
        assertThat(result.tap()).isEqualTo("1..1\nok 1 - it's\n");
    }

    @Test
    void theLastRunsBesideTheOthersAfterTheFirstAndItsResultStaysTheLast() throws Exception {
        var meets = "until [ -e %s ]; do sleep 0.1; done; : >%s; echo 1..1; echo ok 1 - met";
        var first = new Script("first", ": >one; echo 1..1; [ -e three ] || echo ok 1 - alone");
        var middle = new Script("middle", meets.formatted("three", "two"));
        var last = new Script("last", ": >three; " + meets.formatted("two", "four"));
        try (var run = open(connection, "root", first, middle, last)) {
            var result = run.runLastBeside(Duration.ofSeconds(20));
            assertThat(result.scripts()).extracting(ScriptResult::name).containsExactly("first", "middle", "last");
            assertThat(result.failed()).isZero();
        }
    }

    @Test
    void theFirstLineNamesTheInterpreter() throws Exception {
        var result = run("#!/bin/bash\nwords=(1 2)\necho 1..1\necho \"ok 1 - ${#words[@]}\"\n");
        assertThat(result.cases()).containsExactly(TestCase.passed("2"));
    }

    @Test
    void aScriptWithoutAFirstLineOfThatKindIsRunByTheShell() throws Exception {
        assertThat(run("echo 1..1; echo ok 1 - plain").cases()).containsExactly(TestCase.passed("plain"));
    }

    @Test
    void aScriptThatTakesTooLongFails() throws Exception {
        var result = run("#!/bin/sh\necho ok 1 - first\nsleep 60\necho 1..1\n", Duration.ofSeconds(1));
        assertThat(result.cases()).extracting(TestCase::name).containsExactly("first", Tap.WHOLE);
        assertThat(result.cases().getLast().outcome().toString()).contains("took too long");
    }

    @Test
    void aScriptThatDiesFailsWithWhatItSaid() throws Exception {
        var result = run("#!/bin/sh\nset -eu\necho ok 1 - first\necho \"$NOT_THERE\"\necho 1..1\n");
        assertThat(result.cases().getLast().outcome().toString())
                .contains("exit code 2")
                .contains("no plan");
        assertThat(result.tap()).contains("NOT_THERE");
    }

    @Test
    void whatAScriptPrintsIsBounded() throws Exception {
        var result = run("#!/bin/sh\necho 1..1\necho ok 1 - a\nhead -c 5000000 /dev/zero | tr '\\0' x\n");
        assertThat(result.tap()).hasSize(SMALL.outputBytes());
        assertThat(result.cases().getLast().outcome().toString()).contains("printed more than");
    }

    @Test
    void aScriptThatCannotBeRunFails() throws Exception {
        assertThat(run("#!/no/such/interpreter\n").cases()).allMatch(test -> test.has(Outcome.Failed.class));
    }

    @Test
    void nothingIsLeftOnTheInstance() throws Exception {
        String folder;
        try (var run = open(connection, "root")) {
            folder = run.folder();
            assertThat(Path.of(folder)).exists();
        }
        assertThat(Path.of(folder)).doesNotExist();
    }

    @Test
    void theLogSaysWhatFailedAndWhy() throws Exception {
        run("echo not ok 1 - keys; echo '# found one'; echo ok 2 - mirror '# SKIP none'; echo 1..2");
        assertThat(lines).anyMatch(line -> line.matches("tests/My Test.sh: 0 passed, 1 failed, 1 skipped, .*"));
        assertThat(lines).contains("  FAILED  keys", "          found one", "  skipped mirror: none");
    }

    @Test
    void aUserWithoutSudoIsTheImagesFault() {
        var withoutSudo = new LocalConnection() {
            @Override
            public int run(Command command, StageLog log, Duration limit) {
                return 1;
            }
        };
        assertThatThrownBy(() -> open(withoutSudo, "debian")).isInstanceOfSatisfying(StageFailure.class, failure -> {
            assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
            assertThat(failure).hasMessageContaining("debian").hasMessageContaining("sudo");
        });
    }

    @Test
    void anInstanceThatAnswersWithAnotherFolderIsNotTrusted() {
        var hostile = new LocalConnection() {
            @Override
            public String read(Command command, Duration limit) {
                return "/etc; rm -rf /";
            }
        };
        assertThatThrownBy(() -> open(hostile, "root"))
                .isInstanceOfSatisfying(
                        StageFailure.class,
                        failure -> assertThat(failure.blame()).isEqualTo(Blame.IMAGE));
    }

    @Test
    void commandsForAUserGoThroughSudoAsArgumentVectors() throws Exception {
        var asUser = new LocalConnection() {
            @Override
            public int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
                return super.run(withoutSudo(command), log, limit);
            }

            @Override
            public String read(Command command, Duration limit) throws StageFailure, InterruptedException {
                return super.read(withoutSudo(command), limit);
            }

            private Command withoutSudo(Command command) {
                var argv = command.argv();
                boolean sudo = argv.subList(0, 2).equals(List.of("sudo", "-n"));
                return Command.of((sudo ? argv.subList(2, argv.size()) : argv).toArray(String[]::new));
            }
        };
        try (var run = open(asUser, "debian", new Script("x", "echo 1..1; echo ok"))) {
            var result = run.run(Duration.ofSeconds(10));
            assertThat(result.passed()).isEqualTo(1);
            assertThat(Files.exists(Path.of(run.folder()))).isTrue();
        }
        assertThat(asUser.commands.getLast().argv()).startsWith("rm", "-rf", "--");
    }
}
