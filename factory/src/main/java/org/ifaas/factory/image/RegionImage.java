package org.ifaas.factory.image;

import java.time.Instant;
import java.util.Map;

/**
 * An image as a region describes it, in Glance's vocabulary.
 *
 * @param visibility {@code private}, {@code public}, {@code community}
 * @param hidden Glance's {@code os_hidden}
 * @param diskFormat {@code qcow2}, {@code raw}
 * @param status {@code queued}, {@code saving}, {@code active}
 * @param hashAlgorithm Glance's {@code os_hash_algo}, such as {@code sha512}
 * @param hashValue Glance's {@code os_hash_value}: read back from the stored bytes, hexadecimal
 */
public record RegionImage(
        ImageRef ref,
        String name,
        String visibility,
        boolean hidden,
        String diskFormat,
        String status,
        long size,
        String hashAlgorithm,
        String hashValue,
        Map<String, String> properties,
        Instant created) {}
