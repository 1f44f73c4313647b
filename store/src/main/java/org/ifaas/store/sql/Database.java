package org.ifaas.store.sql;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which PostgreSQL holds the journal. */
public sealed interface Database {
    /**
     * PostgreSQL 18, launched by the factory on this machine.
     *
     * @param home folder of its data, lock, log and password
     * @param programs folder into which the server's programs are unpacked, once a version; may be shared
     */
    record Embedded(Path home, Path programs) implements Database {}

    /**
     * The operator's own server, version 15 or later.
     *
     * @param url {@code jdbc:postgresql://host:port/name?options} or {@code postgresql://user:password@host:port/name}
     * @param user null when the URL names it
     * @param password null when the URL, or the server, wants none
     */
    record Served(
            String url, @Nullable String user, @Nullable String password) implements Database {
        @Override
        public String toString() {
            return Address.of(this).shown();
        }
    }
}
