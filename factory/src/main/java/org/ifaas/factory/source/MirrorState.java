package org.ifaas.factory.source;

import java.time.Instant;

/**
 * What a mirror offered at a moment.
 *
 * @param releaseDigest sha256 of its {@code InRelease} file, hexadecimal
 * @param date the {@code Date} field of that file
 */
public record MirrorState(AptSource source, String releaseDigest, Instant date) {}
