package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StageFailureTest {
    @Test
    void what_it_quotes_can_not_command_a_terminal() {
        var failure = new StageFailure(
                Blame.IMAGE, "its last line: \u001b[2J\u001b]0;x\u0007\u009b1m \ud800 \u202e a\nb\tc", "\0mend");
        assertThat(failure).hasMessage("its last line: \ufffd[2J\ufffd]0;x\ufffd\ufffd1m \ufffd \ufffd a\nb\tc");
        assertThat(failure.mend()).isEqualTo("\ufffdmend");
    }

    @Test
    void a_whole_character_beyond_the_basic_plane_stays() {
        assertThat(new StageFailure(Blame.IMAGE, "𝄞", "")).hasMessage("𝄞");
    }

    @Test
    void a_message_without_end_is_cut() {
        assertThat(new StageFailure(Blame.HOST, "x".repeat(1 << 20), "").getMessage())
                .hasSizeLessThan(10_000)
                .endsWith("x … (cut)");
    }
}
