package org.ifaas.sources;

import java.util.Map;

/** Names of the suites that a version of a distribution has in its archive. */
final class Codenames {
    private static final Map<String, String> KNOWN = Map.of(
            "debian 11", "bullseye",
            "debian 12", "bookworm",
            "debian 13", "trixie",
            "debian 14", "forky",
            "ubuntu 22.04", "jammy",
            "ubuntu 24.04", "noble",
            "ubuntu 26.04", "resolute");

    private Codenames() {}

    /** Empty when not known. */
    static String of(String distro, String version) {
        return KNOWN.getOrDefault(distro + " " + version, "");
    }
}
