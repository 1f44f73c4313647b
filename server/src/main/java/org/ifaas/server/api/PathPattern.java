package org.ifaas.server.api;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A path with names in braces, each of which stands for one segment. */
public record PathPattern(String text) {
    /** The segments by name; null when the path is another. */
    public @Nullable Map<String, String> match(String given) {
        var own = text.split("/", -1);
        var parts = given.split("/", -1);
        if (own.length != parts.length) {
            return null;
        }
        var names = new HashMap<String, String>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                names.put(own[i].substring(1, own[i].length() - 1), parts[i]);
            } else if (!own[i].equals(parts[i])) {
                return null;
            }
        }
        return names;
    }
}
