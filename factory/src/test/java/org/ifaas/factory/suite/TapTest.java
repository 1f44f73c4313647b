package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.suite.Outcome.Failed;
import org.ifaas.factory.suite.Outcome.Passed;
import org.ifaas.factory.suite.Outcome.Skipped;
import org.ifaas.factory.suite.Outcome.Warned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TapTest {
    private static Tap.Stream parse(String text) {
        return Tap.parse(text, 0, List.of());
    }

    private static String fault(Tap.Stream stream) {
        assertThat(stream.cases()).isNotEmpty();
        var last = stream.cases().getLast();
        assertThat(last.name()).isEqualTo(Tap.WHOLE);
        return ((Failed) last.outcome()).why();
    }

    @Test
    void pointsAreReadWithTheirOutcomes() {
        var stream = parse("""
                TAP version 13
                1..5
                ok 1 - first
                not ok 2 second
                # because
                ok 3 - third # SKIP no reason
                not ok 4 - fourth # TODO later
                ok
                """);
        assertThat(stream.cases())
                .containsExactly(
                        TestCase.passed("first"),
                        new TestCase("second", new Failed("because"), List.of("because")),
                        TestCase.skipped("third", "no reason"),
                        new TestCase("fourth", new Warned("later"), List.of()),
                        TestCase.passed("test 5"));
    }

    @Test
    void aPlanMayComeAtTheEnd() {
        assertThat(parse("ok 1 - a\nok 2 - b\n1..2\n").cases()).allMatch(test -> test.has(Passed.class));
    }

    @Test
    void aTodoThatPassesHasPassed() {
        assertThat(parse("1..1\nok 1 - a # TODO later\n").cases()).containsExactly(TestCase.passed("a"));
    }

    @Test
    void escapedSignsAreNoDirective() {
        var cases = parse("1..2\nnot ok 1 - a \\# SKIP b \\\\ c\nok 2 - issue#7 is mended\n")
                .cases();
        assertThat(cases.getFirst().name()).isEqualTo("a # SKIP b \\ c");
        assertThat(cases.getFirst().outcome()).isInstanceOf(Failed.class);
        assertThat(cases.getLast()).isEqualTo(TestCase.passed("issue#7 is mended"));
    }

    @Test
    void yamlDiagnosticsBelongToThePointBeforeThem() {
        var cases = parse("""
                        TAP version 14
                        1..2
                        not ok 1 - a
                          ---
                          message: "x"
                          found: |
                            ok 2 - not a point
                          ...
                        ok 2 - b
                        """).cases();
        assertThat(cases).hasSize(2);
        assertThat(cases.getFirst().details()).containsExactly("message: \"x\"", "found: |", "ok 2 - not a point");
    }

    @Test
    void subtestsCountOnlyByTheirOwnPoint() {
        var cases = parse("""
                        TAP version 14
                        1..2
                        # Subtest: inner
                            ok 1 - one
                            not ok 2 - two
                            1..2
                        not ok 1 - inner
                        ok 2 - outer
                        """).cases();
        assertThat(cases).extracting(TestCase::name).containsExactly("inner", "outer");
        assertThat(cases.getFirst().outcome()).isInstanceOf(Failed.class);
    }

    @Test
    void aPlanOfNoPointsSkipsTheScript() {
        assertThat(parse("1..0 # SKIP no such hardware\n").cases())
                .containsExactly(TestCase.skipped("all of it", "no such hardware"));
    }

    @Test
    void figuresAreCollected() {
        var stream = parse(
                "1..1\nok 1 - a\n# figure boot_seconds 12.5\n# figure Bad 1\n# figure bad NaN\n# figure count 3\n");
        assertThat(stream.figures()).containsOnly(Map.entry("boot_seconds", 12.5), Map.entry("count", 3.0));
    }

    @Test
    void aMissingPlanIsAFailure() {
        assertThat(fault(parse("TAP version 13\nok 1 - a\n"))).isEqualTo("it printed no plan");
    }

    @Test
    void noOutputAtAllIsAFailure() {
        assertThat(fault(parse(""))).isEqualTo("it printed no plan");
    }

    @Test
    void fewerPointsThanPlannedAreAFailure() {
        assertThat(fault(parse("1..3\nok 1 - a\nok 2 - b\n"))).isEqualTo("it planned 3 test points and printed 2");
    }

    @Test
    void morePointsThanPlannedAreAFailure() {
        assertThat(fault(parse("1..1\nok 1 - a\nok 2 - b\n"))).contains("it planned 1 test points and printed 2");
    }

    @Test
    void aPointAfterATrailingPlanIsAFailure() {
        assertThat(fault(parse("ok 1 - a\n1..2\nok 2 - b\n"))).isEqualTo("test point 2 came after the plan");
    }

    @Test
    void aSecondPlanIsAFailure() {
        assertThat(fault(parse("1..1\nok 1 - a\n1..1\n"))).isEqualTo("it printed a second plan");
    }

    @Test
    void aNumberOutOfSequenceIsAFailure() {
        assertThat(fault(parse("1..2\nok 1 - a\nok 3 - b\n"))).isEqualTo("test point 2 has number 3");
    }

    @Test
    void bailingOutIsAFailureAndEndsTheStream() {
        var stream = parse("1..2\nok 1 - a\nBail out! no disk\nok 2 - b\n");
        assertThat(fault(stream)).contains("it bailed out: no disk");
        assertThat(stream.cases()).hasSize(2);
    }

    @Test
    void aPassedScriptWithAnExitCodeIsAFailure() {
        assertThat(fault(Tap.parse("1..1\nok 1 - a\n", 3, List.of()))).isEqualTo("it ended with exit code 3");
    }

    @Test
    void anExitCodeThatCountsFailuresIsNoFurtherFailure() {
        assertThat(Tap.parse("1..1\nnot ok 1 - a\n", 1, List.of()).cases()).hasSize(1);
    }

    @Test
    void aScriptThatTookTooLongSaysSo() {
        assertThat(fault(Tap.parse("1..2\nok 1 - a\n", 124, List.of()))).contains("took too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"okay 1 - a", "OK 1 - a", "notok 1 - a", " ok 1 - a", "ok1 - a", "1..", "1..99999999999"})
    void whatOnlyLooksLikeTapIsNone(String line) {
        assertThat(fault(parse(line + "\n"))).isEqualTo("it printed no plan");
    }

    @Test
    void hugeOutputGivesABoundedResult() {
        var text = "ok - a\n".repeat(200_000);
        var stream = parse(text);
        assertThat(stream.cases()).hasSize(Tap.MOST_CASES + 1);
        assertThat(fault(stream)).contains("more than " + Tap.MOST_CASES);
    }

    @Test
    void hugeDiagnosticsAreBounded() {
        var stream = parse("1..1\nnot ok 1 - a\n" + ("# " + "x".repeat(10_000) + "\n").repeat(500));
        var details = stream.cases().getFirst().details();
        assertThat(details).hasSize(Tap.MOST_DETAILS).allMatch(line -> line.length() <= Tap.LINE_LIMIT + 1);
    }

    @Test
    void aHugeNameIsBounded() {
        var stream = parse("1..1\nok 1 - " + "x".repeat(5_000_000) + "\n");
        assertThat(stream.cases().getFirst().name().length()).isLessThan(Tap.LINE_LIMIT + 2);
    }

    @Test
    void manyFiguresAreBounded() {
        var text = new StringBuilder("1..1\nok 1 - a\n");
        for (int i = 0; i < 5_000; i++) {
            text.append("# figure f").append(i).append(" 1\n");
        }
        assertThat(parse(text.toString()).figures()).hasSize(Tap.MOST_FIGURES);
    }

    @Test
    void aDirectiveAfterManySignsIsFoundInReasonableTime() {
        var stream = parse("1..1\nok 1 - " + " #".repeat(900) + " # skip x\n");
        assertThat(stream.cases().getFirst().outcome()).isEqualTo(new Skipped("x"));
    }
}
