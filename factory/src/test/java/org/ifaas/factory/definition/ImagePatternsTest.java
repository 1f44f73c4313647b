package org.ifaas.factory.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ImagePatternsTest {
    @Test
    void aStarStandsForAnyCharactersAndADotForItself() {
        var patterns = new ImagePatterns(Set.of("web-*", "debian-12.1"));
        assertThat(patterns.has("web-")).isTrue();
        assertThat(patterns.has("web-a.b")).isTrue();
        assertThat(patterns.has("debian-12.1")).isTrue();
        assertThat(patterns.has("debian-12x1")).isFalse();
        assertThat(patterns.has("my-web-a")).isFalse();
        assertThat(patterns.has("debian-12.10")).isFalse();
        assertThat(patterns.has("web-a\n")).isFalse();
    }

    @Test
    void aStarDoesNotReachOverTheNameOfARepository() {
        var patterns = new ImagePatterns(Set.of("web-*", "*-12"));
        assertThat(patterns.has("web-team:debian-13")).isFalse();
        assertThat(patterns.has("theirs:debian-12")).isFalse();
        assertThat(ImagePatterns.ALL.has("theirs:debian-12")).isTrue();
        assertThat("theirs:debian-12").matches(ImagePatterns.ALL.regex());
    }

    @Test
    void allHasEveryImageAndNoneHasNone() {
        assertThat(ImagePatterns.ALL.has("x")).isTrue();
        assertThat(ImagePatterns.NONE.has("x")).isFalse();
        assertThat(ImagePatterns.NONE.and(ImagePatterns.ALL).all()).isTrue();
    }

    @Test
    void whatCannotBeANameIsNoPattern() {
        for (var wrong : new String[] {"", "A", "a b", "a,b", "a:b", "(a)", "a|b", "*a*b*c*", "x".repeat(64), "a\n"}) {
            assertThat(ImagePatterns.isGlob(wrong)).as(wrong).isFalse();
            assertThatThrownBy(() -> new ImagePatterns(Set.of(wrong))).hasMessageContaining("no pattern");
        }
        assertThat(ImagePatterns.isGlob("*-web-*.*")).isTrue();
    }
}
