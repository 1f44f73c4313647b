package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebianVersionTest {
    /** From the lowest to the highest. */
    private static final List<String> ORDER = List.of(
            "0~~",
            "0~~a",
            "0~",
            "0",
            "0.1~rc1-1",
            "0.1-1~bpo12+1",
            "0.1-1",
            "0.1-1+b1",
            "0.1-1+deb12u1",
            "0.1-1.1",
            "0.1-2",
            "0.1a-1",
            "0.1+dfsg-1",
            "0.1.0-1",
            "0.2-1",
            "0.9-1",
            "0.10-1",
            "1.0-1",
            "1.0-1-1",
            "2022a-1",
            "20221231-1",
            "1:0.1-1",
            "1:0.1-1a",
            "2:0");

    @Test
    void versions_sort_as_policy_says() {
        var shuffled = new ArrayList<>(ORDER);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(shuffled.stream().map(DebianVersion::new).sorted().map(DebianVersion::text))
                    .isEqualTo(ORDER);
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0,1.0-0", "1.0,0:1.0", "1.00,1.0", "1.010,1.10", "1.0-0,1.0", "1.0,1.0"})
    void some_are_written_differently_and_are_the_same(String one, String other) {
        assertThat(new DebianVersion(one)).isEqualByComparingTo(new DebianVersion(other));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3,1.2.3-1",
        "6.1.99-1,6.1.106-3",
        "3.0.15-1~deb12u1,3.0.15-1",
        "5.36.0-7+deb12u1,5.36.0-7+deb12u2",
        "252.30-1~deb12u2,252.31-1~deb12u1",
        "99999999999999999999,100000000000000000000",
        "1.a,1.+",
        "1.0a,1.0.",
        "1.0~~,1.0~",
        "1.0~,1.0"
    })
    void the_first_is_lower(String lower, String higher) {
        assertThat(new DebianVersion(lower)).isLessThan(new DebianVersion(higher));
        assertThat(new DebianVersion(higher)).isGreaterThan(new DebianVersion(lower));
    }
}
