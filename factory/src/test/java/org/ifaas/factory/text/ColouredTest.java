package org.ifaas.factory.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColouredTest {
    private static String shown(String line) {
        return Coloured.parts(line).stream()
                .map(part -> "[" + part.look().words() + "]" + part.text())
                .collect(Collectors.joining());
    }

    @Test
    void a_line_is_parts_of_one_look_each() {
        assertThat(shown("a \u001b[1;31mb\u001b[39mc\u001b[0m d")).isEqualTo("[]a [bold ink-red]b[bold]c[] d");
        assertThat(shown("plain")).isEqualTo("[]plain");
        assertThat(shown("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "31, ink-red",
        "91, ink-red",
        "'1;2;3;4;9', bold faint italic underlined struck",
        "'38;5;2', ink-green",
        "'38;5;196', ink-red",
        "'38;5;240', ink-black",
        "'38;2;30;40;250', ink-blue",
        "'38;2;250;250;10', ink-yellow",
        "'4:3', ''",
        "'>4;1', ''",
        "'38;5;1;4', underlined ink-red",
        "'48;5;1;4', underlined",
        "'48;2;1;2;3;32', ink-green",
        "'41', ''",
        "'7;8;5', ''",
        "'999;31', ink-red",
        "'38', ''",
        "'', ''"
    })
    void of_what_terminals_know_colours_and_faces_are_kept(String parameters, String words) {
        assertThat(Look.PLAIN.after(parameters).words()).isEqualTo(words);
    }

    @Test
    void one_sequence_says_a_whole_look() {
        var look = Look.PLAIN.after("4;1").after("96");
        assertThat(look.sequence()).isEqualTo("\u001b[0;1;4;96m");
        assertThat(Look.PLAIN.after("33").after("0;1;4;96")).isEqualTo(look);
        assertThat(Look.PLAIN.sequence()).isEqualTo("\u001b[0m");
    }

    @Test
    void a_sequence_without_end_is_no_work() {
        assertThat(Look.PLAIN.after("1;".repeat(100_000))).isEqualTo(Look.PLAIN);
    }

    @Test
    void without_its_colours_a_text_is_what_was_written() {
        assertThat(Coloured.plain("a \u001b[0;1;31mb\u001b[0m\nc")).isEqualTo("a b\nc");
        assertThat(Coloured.plain("<b>\u001b[0m&")).isEqualTo("<b>&");
    }
}
