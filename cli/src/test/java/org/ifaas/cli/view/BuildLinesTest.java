package org.ifaas.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildLinesTest {
    private static final Style UNICODE = new Style(false, true);

    @Test
    void at_80_columns_overlapping_stages_show_with_their_log_lines_cut() {
        assertThat(String.join("\n", new BuildLines(UNICODE, 80).full(overlapping(), Fixtures.START.plusSeconds(92))))
                .isEqualTo("""
                        debian-12 aaaaaaaa, serial 20261122.1: running 1:32
                          ✔  1 Initialize                0:10
                          ✔  2 Spawn build host          0:10
                          ✔  3 Connect build host        0:10
                          ✔  4 Check out sources         0:10
                          ✔  5 Configure build host      0:10
                          ✔  6 Prepare run               0:10
                          ✔  7 Build image               0:10
                          ▶  8 Register private image    0:22  copying 356 MB to first/11111111-2222...
                          ·  9 Test image
                          · 10 Sign image
                          ▶ 11 Hash image                0:20  /usr/share/doc/a
                          · 12 Copy to regions
                          · 13 Request publication
                          · 14 Clean up
                          · 15 Destroy build host""");
    }

    @Test
    void at_120_columns_more_of_the_log_line_shows() {
        assertThat(new BuildLines(UNICODE, 120)
                        .full(overlapping(), Fixtures.START.plusSeconds(92))
                        .get(8))
                .isEqualTo(
                        "  ▶  8 Register private image    0:22  copying 356 MB to first/11111111-2222-3333-4444-555555555555, then reading it...");
    }

    @Test
    void where_the_locale_knows_ascii_only_so_do_the_lines() {
        var lines = new BuildLines(Style.PLAIN, 80).full(overlapping(), Fixtures.START.plusSeconds(92));

        assertThat(lines).allMatch(line -> line.chars().allMatch(character -> character < 128));
        assertThat(lines.get(1)).startsWith("  +  1 Initialize");
        assertThat(lines.get(8)).startsWith("  >  8 Register");
    }

    @Test
    void a_build_that_waits_for_a_quota_says_which_in_its_heading() {
        var build = Fixtures.waiting("aaaaaaaa", "debian-12", "the quota of servers is full: 10 of 10 are used");
        assertThat(new BuildLines(UNICODE, 120).full(build, Fixtures.START.plusSeconds(92)))
                .first()
                .asString()
                .endsWith(": queued 1:32, the quota of servers is full: 10 of 10 are used");
    }

    @Test
    void a_failed_stage_says_who_is_to_blame() {
        var build = Fixtures.failed("aaaaaaaa", "debian-12", 2, "HOST", "no space\nleft", "Make space.");

        assertThat(new BuildLines(UNICODE, 80).full(build, Fixtures.START).get(2))
                .isEqualTo("  ✘  2 Spawn build host          1:01  HOST: no space left");
    }

    @Test
    void compact_is_one_symbol_a_stage_and_the_running_stages() {
        assertThat(new BuildLines(UNICODE, 80).compact(overlapping(), Fixtures.START.plusSeconds(92)))
                .containsExactly(
                        "debian-12 aaaaaaaa             ✔✔✔✔✔✔✔▶··▶····  running 1:32",
                        "  ▶  8 Register private image    0:22  copying 356 MB to first/11111111-2222...",
                        "  ▶ 11 Hash image                0:20  /usr/share/doc/a");
    }

    @Test
    void colour_is_only_added_around_what_is_there_anyway() {
        var plain = new BuildLines(UNICODE, 80).full(overlapping(), Fixtures.START);
        var coloured = new BuildLines(new Style(true, true), 80).full(overlapping(), Fixtures.START);

        assertThat(coloured).isNotEqualTo(plain);
        assertThat(coloured.stream()
                        .map(line -> line.replaceAll("\033\\[[0-9;]*m", ""))
                        .map(String::stripTrailing))
                .containsExactlyElementsOf(
                        plain.stream().map(String::stripTrailing).toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 81, 120, 250})
    void no_line_reaches_the_last_column(int columns) {
        for (var log : new String[] {"日本語".repeat(100), "é".repeat(300), "a\u0301".repeat(300), "x\tx".repeat(100)}) {
            var build = Fixtures.running("aaaaaaaa", "debian-12", 7, log);
            var lines = new ArrayList<>(new BuildLines(UNICODE, columns).full(build, Fixtures.START));
            lines.addAll(new BuildLines(UNICODE, columns).full(build, Fixtures.START.plus(Duration.ofDays(50))));

            assertThat(lines).allMatch(line -> Columns.width(line) < columns);
        }
    }

    @Test
    void what_a_log_line_would_do_to_the_terminal_is_taken_out() {
        assertThat(Columns.clean("\033[31mred\033[0m\007 \033]0;title\007\033[2Jend\u202e"))
                .isEqualTo("red end");
        assertThat(Columns.forTerminal("a\033[2J\tb\r\nc\rd\033]0;x\007\u009b31m\n", true))
                .isEqualTo("a\tb\nc\nd31m\n");
        assertThat(Columns.clean("10 %\r20 %\r30 %")).isEqualTo("30 %");
        assertThat(Columns.clean("30 %\r\n")).isEqualTo("30 %");
    }

    @Test
    void colours_reach_a_terminal_that_wants_them_and_end_with_the_text() {
        var log = "\033[0;1;31mred\033[0m x\033[0;95my";
        assertThat(Columns.forTerminal(log, true)).isEqualTo(log + "\033[0m");
        assertThat(Columns.forTerminal(log, false)).isEqualTo("red xy");
        assertThat(Columns.forFile(log)).isEqualTo("red xy");
        assertThat(Columns.forFile("1%\r\n\033[1m2%\033[0m\r\ndone\033]0;x\007\n"))
                .isEqualTo("done\n");
        assertThat(Columns.forTerminal("\033[8;31ma\033[41mb\033[38;5;1mc\033[0;31\033[0m", true))
                .doesNotContain("[8", "[41", "38;5")
                .startsWith("abc");
        assertThat(Columns.forTerminal("\033]0;\033[31mx\007", true)).doesNotContain("\033]", "\007");
    }

    private static BuildView overlapping() {
        var build = Fixtures.running(
                "aaaaaaaa",
                "debian-12",
                8,
                "copying 356 MB to first/11111111-2222-3333-4444-555555555555, then reading it back and comparing");
        var stages = new ArrayList<>(build.stages());
        Fixtures.change(
                stages, 11, "RUNNING", Fixtures.START.plusSeconds(72), null, null, null, null, "/usr/share/doc/a");
        return new BuildView(
                build.id(),
                build.parameters(),
                build.requester(),
                build.state(),
                1,
                build.requested(),
                build.started(),
                null,
                null,
                build.commit(),
                build.serial(),
                stages,
                null,
                null,
                null,
                List.of(),
                List.of());
    }
}
