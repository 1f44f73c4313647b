package org.ifaas.api;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/builds/{id}/difference/{other}}: how the images of two builds differ.
 *
 * @param same whether they are the same, byte for byte
 * @param differences in words, most telling first; at most 100
 * @param notCompared in words, what could not be compared and why, such as files that retention has removed; empty from an older
 *     factory
 */
public record DifferenceView(
        boolean same,
        String sha256,
        String otherSha256,
        List<String> differences,
        @Nullable List<String> notCompared) {
    public DifferenceView {
        notCompared = notCompared == null ? List.of() : List.copyOf(notCompared);
    }

    @Override
    public List<String> notCompared() {
        return Objects.requireNonNull(notCompared);
    }
}
