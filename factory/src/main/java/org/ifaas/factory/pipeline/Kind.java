package org.ifaas.factory.pipeline;

import java.util.Locale;

/** What a build is for. The stages are a library, and each kind is a choice of them. */
public enum Kind {
    /** All fifteen: from the definition to the publication request. */
    BUILD("all fifteen stages are done"),
    /** An image that exists already is tested as stage 9 does; nothing is released and nothing stays but the results. */
    TEST("the image has passed its tests"),
    /** A release is signed anew by the key of today. */
    RESIGN("the release is signed by the key of today");

    private final String done;

    Kind(String done) {
        this.done = done;
    }

    /** As people and programs write it: {@code test}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is true when it has succeeded, in words. */
    public String done() {
        return done;
    }
}
