package org.ifaas.factory.publish;

import java.time.Instant;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has said of one step of a release's certification.
 *
 * @param sha256 digest of the image that it was said of
 * @param confirmed false when it was refused
 * @param by a person or a program
 * @param evidence null when there is none but the note
 */
public record Confirmation(
        BuildId build,
        String step,
        String sha256,
        boolean confirmed,
        String by,
        Instant at,
        String note,
        @Nullable Evidence evidence) {

    /**
     * @param name of the file, or the address
     * @param key in the artifact store; null for an address
     * @param size in bytes; 0 for an address
     * @param sha256 of the file, hexadecimal; null for an address
     */
    public record Evidence(
            String name,
            @Nullable String key,
            long size,
            @Nullable String sha256) {}
}
