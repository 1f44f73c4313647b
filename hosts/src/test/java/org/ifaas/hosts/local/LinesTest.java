package org.ifaas.hosts.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void lines_end_with_a_line_feed_and_states_that_are_overwritten_with_a_carriage_return() {
        feed("a\nb\r\n\r1%\r\r2%\r3%\r\r\n\ne\r");
        assertThat(lines).containsExactly("a", "b", "1%\r", "2%\r", "3%", "", "e");
    }

    @Test
    void where_they_are_not_wanted_only_the_last_state_comes() {
        var split = Lines.last(10, lines::add);
        split.add("1%\r2%\r3%\nx".getBytes(), 0, 10);
        split.end();
        assertThat(lines).containsExactly("3%", "x");
    }

    @Test
    void what_is_in_no_line_yet_is_known() {
        var split = new Lines(10, lines::add);
        var held = new ArrayList<Long>();
        for (byte b : "ab\r\nc\rd\n01234567890123\n".getBytes()) {
            split.add(new byte[] {b}, 0, 1);
            held.add(split.held());
        }
        assertThat(held)
                .containsExactly(
                        1L, 2L, 3L, 0L, 1L, 2L, 1L, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L,
                        0L);
    }

    @Test
    void a_long_line_is_cut_and_says_by_how_much() {
        feed("123456789012345\nshort\n");
        assertThat(lines).containsExactly("1234567890 … [5 more bytes in this line were cut]", "short");
    }

    @Test
    void lines_that_come_in_pieces_are_whole() {
        var split = new Lines(10, lines::add);
        for (byte b : "ab\r\ncd\nef".getBytes()) {
            split.add(new byte[] {b}, 0, 1);
        }
        split.end();
        assertThat(lines).containsExactly("ab", "cd", "ef");
    }

    private void feed(String text) {
        var split = new Lines(10, lines::add);
        split.add(text.getBytes(), 0, text.getBytes().length);
        split.end();
    }
}
