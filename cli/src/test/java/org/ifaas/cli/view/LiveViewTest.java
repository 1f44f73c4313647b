package org.ifaas.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ifaas.cli.Fixtures;
import org.ifaas.cli.Shell;
import org.ifaas.cli.Terminal;
import org.junit.jupiter.api.Test;

class LiveViewTest {
    private static final Path NOWHERE = Path.of("/nonexistent");

    @Test
    void the_stages_are_rewritten_in_place() {
        var shell = new Shell(NOWHERE).onTerminal(80, 30);
        var view = new LiveView(shell.surroundings());
        view.changed(Fixtures.running("aaaaaaaa", "debian-12", 1, "one"), "");
        view.tick();
        view.changed(Fixtures.running("aaaaaaaa", "debian-12", 2, "two"), "");
        view.tick();

        var screen = shown(shell, 80);

        assertThat(screen.rewritten).isEqualTo(16);
        assertThat(screen.rows()).hasSize(17);
        assertThat(screen.rows().subList(0, 4))
                .containsExactly(
                        "debian-12 aaaaaaaa, serial 20261122.1: running 1:32",
                        "  ✔  1 Initialize                0:10",
                        "  ▶  2 Spawn build host          1:22  two",
                        "  ·  3 Connect build host");
    }

    @Test
    void time_goes_on_when_nothing_else_happens_but_not_at_every_tick() {
        var shell = new Shell(NOWHERE).onTerminal(80, 30);
        var view = new LiveView(shell.surroundings());
        view.changed(Fixtures.running("aaaaaaaa", "debian-12", 1, null), "");
        view.tick();
        int once = shell.out().length();
        shell.move(Duration.ofMillis(100));
        view.tick();
        assertThat(shell.out()).hasSize(once);

        shell.move(Duration.ofSeconds(60));
        view.tick();

        assertThat(shown(shell, 80).rows().getFirst()).endsWith("running 2:32");
    }

    @Test
    void several_builds_are_stacked_in_full_where_there_is_room_and_compact_where_there_is_not() {
        var builds = List.of(
                Fixtures.running("aaaaaaaa", "debian-12", 7, "a"),
                Fixtures.running("bbbbbbbb", "debian-12-kiwi", 3, "b"),
                Fixtures.queued("cccccccc", "debian-13"));

        assertThat(new Picture(Style.PLAIN).lines(builds, size(80, 60), Fixtures.START))
                .hasSize(48);
        assertThat(new Picture(Style.PLAIN).lines(builds, size(80, 24), Fixtures.START.plusSeconds(92)))
                .containsExactly(
                        "debian-12 aaaaaaaa             ++++++>........  running 1:32",
                        "  >  7 Build image               0:32  a",
                        "debian-12-kiwi bbbbbbbb        ++>............  running 1:32",
                        "  >  3 Connect build host        1:12  b",
                        "debian-13 cccccccc             ...............  queued 1:32");
        assertThat(new Picture(Style.PLAIN).lines(builds, size(80, 4), Fixtures.START))
                .hasSize(3);
        assertThat(new Picture(Style.PLAIN).lines(builds, size(80, 3), Fixtures.START))
                .hasSize(2)
                .last()
                .isEqualTo("and 2 more");
    }

    @Test
    void a_narrower_terminal_has_broken_the_old_lines_and_the_cursor_goes_up_over_all_of_them() {
        var shell = new Shell(NOWHERE).onTerminal(80, 30);
        var view = new LiveView(shell.surroundings());
        view.changed(Fixtures.running("aaaaaaaa", "debian-12", 1, "x".repeat(100)), "");
        view.tick();
        int before = shell.out().length();

        shell.onTerminal(50, 30);
        view.resized();
        view.tick();

        // The heading took two rows at 50 columns, and so did the running stage.
        assertThat(shell.out().substring(before)).startsWith("\033[18A");
    }

    @Test
    void a_note_stays_above_the_picture() {
        var shell = new Shell(NOWHERE).onTerminal(80, 30);
        var view = new LiveView(shell.surroundings());
        view.changed(Fixtures.running("aaaaaaaa", "debian-12", 1, null), "");
        view.tick();
        view.note("The factory is gone; starting it again");
        view.tick();

        assertThat(shown(shell, 80).rows())
                .startsWith(
                        "The factory is gone; starting it again", "debian-12 aaaaaaaa, serial 20261122.1: running 1:32")
                .hasSize(18);
    }

    @Test
    void the_last_picture_stays_and_the_outcome_follows() {
        var shell = new Shell(NOWHERE).onTerminal(80, 30);
        var view = new LiveView(shell.surroundings());
        var build = Fixtures.ended("aaaaaaaa", "debian-12", "CANCELLED", "by root", null);
        view.changed(build, "");
        view.tick();
        view.ended(List.of(build));

        assertThat(shown(shell, 80).rows())
                .contains(
                        "debian-12 aaaaaaaa, serial 20261122.1: cancelled 0:05",
                        "◼ debian-12 20261122.1 (build aaaaaaaa) was cancelled after 0:05: by root");
    }

    private static Screen shown(Shell shell, int columns) {
        var screen = new Screen(columns);
        screen.show(shell.out());
        return screen;
    }

    private static Terminal.Size size(int columns, int rows) {
        return new Terminal.Size(columns, rows);
    }
}
