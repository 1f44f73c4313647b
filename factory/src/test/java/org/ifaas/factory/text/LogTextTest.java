package org.ifaas.factory.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogTextTest {
    private static String clean(String text) {
        var out = new ByteArrayOutputStream();
        LogText.write(text, 40, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tabs_and_unicode_stay() {
        assertThat(clean("a\tb – ä 𝄞")).isEqualTo("a\tb – ä 𝄞\n");
    }

    @Test
    void an_empty_text_is_an_empty_line() {
        assertThat(clean("")).isEqualTo("\n");
    }

    @Test
    void control_characters_and_terminal_sequences_are_removed() {
        assertThat(clean("a\0b\u0007c\u007fd\u009be")).isEqualTo("abcde\n");
        assertThat(clean("\u001b[2Jred\u001b[10;5H \u001b]0;title\u0007x\u001b"))
                .isEqualTo("red x\n");
        assertThat(clean("\u001b[?25lx\u001b[1m\u001b")).isEqualTo("x\n");
    }

    @Test
    void colours_stay_and_end_with_their_line() {
        assertThat(clean("\u001b[1;31mred\u001b[0m x")).isEqualTo("\u001b[0;1;31mred\u001b[0m x\n");
        assertThat(clean("\u001b[32ma\nb")).isEqualTo("\u001b[0;32ma\u001b[0m\nb\n");
    }

    @Test
    void what_would_hide_text_or_colours_nothing_goes() {
        assertThat(clean("\u001b[8;41;7ma\u001b[31m\u001b[32m\u001b[0mb\u001b[33m"))
                .isEqualTo("ab\n");
        assertThat(clean("\u001b[" + "1;".repeat(5_000) + "mx")).isEqualTo("x\n");
    }

    @Test
    void a_cut_line_has_its_colours_ended() {
        assertThat(clean("\u001b[31m" + "x".repeat(60)))
                .startsWith("\u001b[0;31m" + "x".repeat(33) + "\u001b[0m … (line of");
    }

    @Test
    void newlines_end_a_line_and_what_a_carriage_return_ended_says_so() {
        assertThat(clean("10%\r20%\r\ndone\nok\n")).isEqualTo("10%\r\n20%\ndone\nok\n");
        assertThat(clean("10%\r\r20%\r\r\n")).isEqualTo("10%\r\n20%\n");
        assertThat(clean("10%\r")).isEqualTo("10%\r\n");
    }

    @Test
    void a_file_has_neither_colours_nor_what_was_overwritten() {
        assertThat(LogText.plain("\u001b[2J\u001b[1mGRUB\u001b[0m\r\n10%\r20%\r100%\nlogin: "))
                .isEqualTo("GRUB\n100%\nlogin: \n");
        assertThat(LogText.plain("")).isEmpty();
    }

    @Test
    void half_a_character_is_replaced() {
        assertThat(clean("a\ud834b\udd1ec")).isEqualTo("a\ufffdb\ufffdc\n");
    }

    @Test
    void a_long_line_is_cut_at_a_character() {
        assertThat(clean("ä".repeat(50))).isEqualTo("ä".repeat(20) + " … (line of 50 characters cut)\n");
        assertThat(clean("x" + "ä".repeat(50))).doesNotContain("\ufffd").endsWith("cut)\n");
    }
}
