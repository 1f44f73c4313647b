package org.ifaas.store.login;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * With what a program asks the interface.
 *
 * @param digest SHA-256 of what the program sends, in hexadecimal
 * @param name unique among those that are not revoked
 * @param owner for whom it asks
 * @param addresses the owner's mail addresses, without line breaks
 * @param roles names without commas
 * @param images patterns without commas, of the images that it is for
 * @param region whose publications it is for; null for none
 * @param used when it was used last, to the minute or so; null when it never was
 * @param revoked null while it is not
 */
public record StoredToken(
        String digest,
        String name,
        String owner,
        List<String> addresses,
        List<String> roles,
        List<String> images,
        @Nullable String region,
        Instant created,
        Instant expires,
        @Nullable Instant used,
        @Nullable Instant revoked,
        @Nullable String revokedBy) {}
