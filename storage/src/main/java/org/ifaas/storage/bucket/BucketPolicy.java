package org.ifaas.storage.bucket;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an S3-compatible store, and how files come through it.
 *
 * @param endpoint of the store, as the factory and the build hosts reach it
 * @param region as requests are signed for; most stores but AWS take any
 * @param prefix begins the keys of all objects
 * @param secretKey file whose first line is the secret key; it is read for each use, so that it may be changed
 * @param caFile certificates in PEM that the store's rests on, for factory and hosts; null for those that each system trusts
 * @param partBytes of which the host uploads the file, a multiple of 1 MiB; larger when the file would have more than 10,000
 * @param valid how long the address lasts by which a host may upload a part
 */
public record BucketPolicy(
        URI endpoint,
        String region,
        String bucket,
        String prefix,
        String accessKey,
        Path secretKey,
        @Nullable Path caFile,
        long partBytes,
        Duration valid) {}
