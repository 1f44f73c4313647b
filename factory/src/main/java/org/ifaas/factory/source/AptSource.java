package org.ifaas.factory.source;

import java.util.List;

/**
 * One suite of a Debian archive.
 *
 * @param url where the archive is, without a trailing slash
 * @param suite such as {@code bookworm-security}
 */
public record AptSource(String url, String suite, List<String> components) {
    /** As a line of {@code sources.list}. */
    public String line() {
        return "deb " + url + " " + suite + " " + String.join(" ", components);
    }
}
