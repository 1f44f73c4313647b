package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The durable memory of a region's publisher: which approvals it has acted on. */
public interface PublisherLog {
    List<Entry> all();

    /** Replaces the entry of that nonce. When it returns, it is on the disk. */
    void write(Entry entry);

    /**
     * @param digest SHA-256 of the approval's envelope
     * @param published null as long as it is not known to have got to its end
     */
    record Entry(
            String nonce,
            String build,
            String publishAs,
            Instant issued,
            String digest,
            @Nullable Instant published) {}
}
