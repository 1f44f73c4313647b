package org.ifaas.factory.fact;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/** What retention has removed of a build that has ended, or is about to: written down before the first byte goes. */
public sealed interface Removed extends Fact permits ArtifactsRemoved, LogsRemoved {
    Instant decided();

    /** When nothing of it was left; null until then, also after a crash between. */
    @Nullable
    Instant done();

    int files();

    long bytes();

    /** The policy by which it goes, for people. */
    String why();

    /** Of the decision, in UTC. */
    default LocalDate day() {
        return LocalDate.ofInstant(decided(), ZoneOffset.UTC);
    }
}
