package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;

class SuiteResultTest {
    private static ScriptResult script(String name, Map<String, Double> figures, TestCase... cases) {
        return new ScriptResult(name, List.of(cases), figures, "1..0\n", Instant.EPOCH, Duration.ZERO);
    }

    @Test
    void resultsAddUp() {
        var first = new SuiteResult(
                List.of(script("a", Map.of("x", 1.0), TestCase.passed("p"), TestCase.failed("f", "w"))));
        var second = new SuiteResult(List.of(script("b", Map.of("x", 2.0, "y", 3.0), TestCase.skipped("s", "r"))));
        var both = first.and(second);
        assertThat(both.passed()).isEqualTo(1);
        assertThat(both.failed()).isEqualTo(1);
        assertThat(both.skipped()).isEqualTo(1);
        assertThat(both.figures()).containsOnly(Map.entry("x", 1.0), Map.entry("y", 3.0));
        assertThat(both.failures()).containsExactly("a: f");
    }

    @Test
    void failedTestsBlameTheImageAndAreNamed() {
        var cases = IntStream.range(0, 20)
                .mapToObj(i -> TestCase.failed("t" + i, "w"))
                .toArray(TestCase[]::new);
        var result =
                new SuiteResult(List.of(script("a", Map.of(), cases), script("b", Map.of(), TestCase.passed("p"))));
        assertThatThrownBy(() -> result.check("results.xml")).isInstanceOfSatisfying(StageFailure.class, failure -> {
            assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
            assertThat(failure)
                    .hasMessageStartingWith("20 of 21 tests failed: a: t0; a: t1; ")
                    .hasMessageEndingWith("; …");
            assertThat(failure.mend()).contains("results.xml");
        });
    }

    @Test
    void warningsAndSkippedTestsFailNothing() {
        var result = new SuiteResult(List.of(script(
                "a",
                Map.of(),
                TestCase.passed("p"),
                TestCase.skipped("s", "r"),
                new TestCase("w", new Outcome.Warned("r"), List.of()))));
        assertThatCode(() -> result.check("results.xml")).doesNotThrowAnyException();
    }

    @Test
    void aSuiteInWhichNothingPassedIsNoProof() {
        var result = new SuiteResult(List.of(script("a", Map.of(), TestCase.skipped("s", "r"))));
        assertThatThrownBy(() -> result.check("results.xml")).hasMessage("no test ran");
    }

    @Test
    void theTapOfAllScriptsIsKeptUnderTheirNames() throws Exception {
        var out = new ByteArrayOutputStream();
        new SuiteResult(List.of(script("a\nok 1", Map.of()), script("b", Map.of()))).writeTap(out);
        assertThat(out.toString()).isEqualTo("# a\\u000aok 1\n1..0\n\n# b\n1..0\n\n");
    }
}
