package org.ifaas.storage.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PartsTest {
    private static final long GIB = 1L << 30;

    @Test
    void a_file_is_cut_into_equal_parts_and_the_rest() {
        var parts = Parts.of(6 * GIB + 7, 64 * Parts.MIB);
        assertThat(parts.count()).isEqualTo(97);
        assertThat(parts.length(96)).isEqualTo(64 * Parts.MIB);
        assertThat(parts.length(97)).isEqualTo(7);
        assertThat(parts.numbers().mapToLong(parts::length).sum()).isEqualTo(6 * GIB + 7);
        assertThat(parts.offset(97) % Parts.MIB).isZero();
    }

    @Test
    void parts_are_larger_where_there_would_be_more_than_a_store_takes() {
        var parts = Parts.of(2048 * GIB, 64 * Parts.MIB);
        assertThat(parts.count()).isLessThanOrEqualTo(10_000);
        assertThat(parts.partBytes() % Parts.MIB).isZero();
        assertThat(parts.numbers().mapToLong(parts::length).sum()).isEqualTo(2048 * GIB);
    }

    @Test
    void an_empty_file_is_one_empty_part() {
        assertThat(Parts.of(0, 64 * Parts.MIB).count()).isOne();
        assertThat(Parts.of(0, 64 * Parts.MIB).length(1)).isZero();
    }
}
