package org.ifaas.factory.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void aLineShowsWhatATerminalWouldObey() {
        assertThat(Visible.line("a\u001b[2J\nb\u202ec\ud800d", 80)).isEqualTo("a\\u001b[2J\\u000ab\\u202ec\\ud800d");
    }

    @Test
    void linesKeepLinesAndTabs() {
        assertThat(Visible.lines("a\u001b[2J\n\tb\u2028c", 80)).isEqualTo("a\ufffd[2J\n\tb\ufffdc");
    }

    @Test
    void whatIsTooLongIsCutBetweenCharactersAndSaysSo() {
        assertThat(Visible.line("abcdef", 3)).isEqualTo("abc…");
        assertThat(Visible.line("ab\ud834\udd1ecd", 3)).isEqualTo("ab…");
        assertThat(Visible.lines("abcdef", 3)).isEqualTo("abc … (cut)");
        assertThat(Visible.lines("abc", 3)).isEqualTo("abc");
    }
}
