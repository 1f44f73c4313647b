package org.ifaas.hosts.ssh;

import java.security.PublicKey;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.jspecify.annotations.Nullable;

/** The one host key that a machine may show. Without one, the first that it shows. */
final class Pin {
    static final AttributeKey<Pin> ATTRIBUTE = new AttributeKey<>();

    private @Nullable String key;
    private @Nullable String refused;

    Pin(@Nullable String hostKey) {
        key = hostKey == null ? null : withoutComment(hostKey);
    }

    synchronized boolean accepts(PublicKey shown) {
        var text = PublicKeyEntry.toString(shown);
        if (key == null) {
            key = text;
        }
        boolean same = key.equals(text);
        refused = same ? null : text;
        return same;
    }

    /** The key that was shown last when it was another one; else null. */
    synchronized @Nullable String refused() {
        return refused;
    }

    /** Null until a machine without a known key has been reached. */
    synchronized @Nullable String key() {
        return key;
    }

    private static String withoutComment(String line) {
        var words = line.strip().split("\\s+", 3);
        if (words.length < 2) {
            throw new IllegalArgumentException("not an SSH host key: " + line);
        }
        return words[0] + " " + words[1];
    }
}
