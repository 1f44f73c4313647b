package org.ifaas.factory.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.signing.Sha256;

/**
 * One decision. Its hash covers the hash of the one before, so that no entry can be changed, removed or put between two
 * others without breaking the chain.
 *
 * @param number from 1, without gaps
 * @param at in microseconds
 * @param action such as {@code publication-approved}
 * @param object what it was decided about: a build, a host, an image
 * @param details further names and values
 * @param previous hash of the entry before; of the first, {@link #START}
 * @param hash SHA-256 in hexadecimal over all the others, as {@link #content} writes them
 */
public record AuditEntry(
        long number,
        Instant at,
        String who,
        String action,
        String object,
        Map<String, String> details,
        String previous,
        String hash) {
    /** What the first entry rests on. */
    public static final String START = "0".repeat(64);

    public AuditEntry {
        details = Collections.unmodifiableMap(new TreeMap<>(details));
    }

    /** The entry that follows the one with that number and hash. */
    public static AuditEntry following(
            long number,
            String hash,
            Instant at,
            String who,
            String action,
            String object,
            Map<String, String> details) {
        var sealed = at.truncatedTo(ChronoUnit.MICROS);
        var open = new AuditEntry(number + 1, sealed, who, action, object, details, hash, "");
        return new AuditEntry(number + 1, sealed, who, action, object, details, hash, Sha256.of(open.content()));
    }

    public boolean holds() {
        return hash.equals(Sha256.of(content()));
    }

    /**
     * Each field as the number of its bytes in UTF-8, a colon, the field and a newline: previous, number, time, who, action,
     * object, then name and value of each detail by name. No two entries read the same.
     */
    String content() {
        var content = new StringBuilder();
        List.of(previous, Long.toString(number), at.toString(), who, action, object)
                .forEach(field -> append(content, field));
        details.forEach((name, value) -> {
            append(content, name);
            append(content, value);
        });
        return content.toString();
    }

    private static void append(StringBuilder content, String field) {
        content.append(field.getBytes(StandardCharsets.UTF_8).length)
                .append(':')
                .append(field)
                .append('\n');
    }
}
