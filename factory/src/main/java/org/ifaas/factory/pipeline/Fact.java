package org.ifaas.factory.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * What a stage has made true. Implementations are records in {@code org.ifaas.factory.fact}, stored as JSON under their
 * simple name; the previous release of the factory must still be able to read them, so components are only ever added.
 */
public interface Fact {
    /** Raised when the meaning of a component changes. */
    default int version() {
        return 1;
    }

    /** Why the build ends well with this fact, before any further stage; null when it goes on. */
    default @Nullable String nothingToDo() {
        return null;
    }
}
