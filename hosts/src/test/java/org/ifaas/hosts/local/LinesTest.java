package org.ifaas.hosts.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void lines_end_with_line_feed_carriage_return_or_both() {
        feed("a\nb\r\nc\rd\n\ne");
        assertThat(lines).containsExactly("a", "b", "c", "d", "", "e");
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
