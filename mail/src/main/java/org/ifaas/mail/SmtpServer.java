package org.ifaas.mail;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server that takes mail.
 *
 * @param user null where it wants no login
 * @param passwordFile its first line is the password; read anew for each mail
 * @param caFile certificates in PEM that the server's rests on; null for those that Java knows
 * @param patience the most that connecting, or one answer, may take
 */
public record SmtpServer(
        String host,
        int port,
        Security security,
        @Nullable String user,
        @Nullable Path passwordFile,
        @Nullable Path caFile,
        Duration patience) {

    public enum Security {
        /** In the clear: for a server on this machine. */
        NONE,
        /** Begins in the clear and goes on encrypted, or not at all. */
        STARTTLS,
        /** Encrypted from the first byte. */
        TLS
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
