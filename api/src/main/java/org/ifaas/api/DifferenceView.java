package org.ifaas.api;

import java.util.List;

/**
 * {@code GET /api/v1/builds/{id}/difference/{other}}: how the images of two builds differ.
 *
 * @param same whether they are the same, byte for byte
 * @param differences in words, most telling first; at most 100
 */
public record DifferenceView(boolean same, String sha256, String otherSha256, List<String> differences) {}
