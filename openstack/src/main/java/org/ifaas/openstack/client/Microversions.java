package org.ifaas.openstack.client;

import java.util.Comparator;

/** Which of its microversions a service is spoken to in. */
public final class Microversions {
    private Microversions() {}

    /** @param text such as {@code 2.52} */
    public record Version(int major, int minor) implements Comparable<Version> {
        public static Version of(String text) {
            var parts = text.split("\\.");
            try {
                return new Version(Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
            } catch (NumberFormatException e) {
                return new Version(0, 0);
            }
        }

        public boolean atLeast(Version other) {
            return compareTo(other) >= 0;
        }

        @Override
        public int compareTo(Version other) {
            return Comparator.comparingInt(Version::major)
                    .thenComparingInt(Version::minor)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /** The newest that both sides know. */
    public static Version negotiated(Service compute, Version least, Version most)
            throws CloudFailure, InterruptedException {
        var document = compute.get("/").path("version");
        var newest = Version.of(document.path("version").asString(""));
        var oldest = Version.of(document.path("min_version").asString(""));
        if (!newest.atLeast(least) || oldest.compareTo(most) > 0) {
            throw compute.cloud()
                    .failure(
                            "compute in " + compute.region(),
                            "GET",
                            "/",
                            "it offers the microversions %s to %s, and %s to %s are spoken here"
                                    .formatted(oldest, newest, least, most));
        }
        return newest.compareTo(most) < 0 ? newest : most;
    }
}
