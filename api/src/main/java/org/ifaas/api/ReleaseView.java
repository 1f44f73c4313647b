package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sealed release: {@code GET /api/v1/releases}.
 *
 * @param id {@code image/serial}
 * @param folder where it lies
 * @param file the image's file, below the folder
 * @param images {@code region/id}, one a region
 * @param tests such as {@code 24 passed, 1 skipped}, with the flavors where the definition names some; {@code not run} when they were skipped
 * @param publication PENDING, PUBLISHED, REJECTED or NONE
 * @param keyFingerprint of the key that signed it
 * @param verify command lines that check it, with the customers' own tools
 * @param removed when retention has removed it: its folder and its private images are gone; null while it is there
 */
public record ReleaseView(
        String id,
        String image,
        String serial,
        String build,
        String folder,
        String file,
        long size,
        String sha256,
        List<String> images,
        String tests,
        String publication,
        @Nullable String keyFingerprint,
        Instant sealed,
        List<String> verify,
        @Nullable Instant removed) {}
