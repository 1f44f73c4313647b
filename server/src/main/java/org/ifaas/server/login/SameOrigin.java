package org.ifaas.server.login;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request that changes something comes from the console's own pages. Every browser of today says where such a request
 * comes from, in Sec-Fetch-Site, Origin or both; one that says neither is refused.
 */
public final class SameOrigin {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private SameOrigin() {}

    /**
     * @param site the header Sec-Fetch-Site
     * @param origin the header Origin
     * @param own the console's own origin, such as {@code https://images.example.org}
     */
    public static boolean allows(String method, @Nullable String site, @Nullable String origin, String own) {
        if (SAFE.contains(method)) {
            return true;
        }
        if (site == null && origin == null) {
            return false;
        }
        return (site == null || site.equals("same-origin")) && (origin == null || origin.equals(own));
    }
}
