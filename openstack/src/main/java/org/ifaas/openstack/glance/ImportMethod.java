package org.ifaas.openstack.glance;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the bytes of an image come into Glance. */
public enum ImportMethod {
    /** Sent to where they stay. Every Glance takes them so. */
    DIRECT,
    /** Sent to where Glance stages them, and imported by a task of Glance's, with what its operator lets that do. */
    GLANCE_DIRECT,
    /** Fetched by a task of Glance's from where the artifact store is served. */
    WEB_DOWNLOAD;

    /** In the configuration, and in Glance's API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<ImportMethod> of(String word) {
        return Arrays.stream(values())
                .filter(method -> method.word().equals(word))
                .findFirst();
    }
}
