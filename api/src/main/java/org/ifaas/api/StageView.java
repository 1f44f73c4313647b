package org.ifaas.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stage of an attempt.
 *
 * @param number 1 to 15
 * @param name as in addresses: {@code build-image}
 * @param title as people read it: {@code Build image}
 * @param state WAITING, RUNNING, DONE, FAILED, SKIPPED or CANCELLED
 * @param blame REQUEST, IMAGE, HOST, CLOUD or FACTORY when it failed
 * @param message what happened
 * @param mend what to do next
 * @param lastLine the newest line of its log, while it runs
 */
public record StageView(
        int number,
        String name,
        String title,
        String state,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable String blame,
        @Nullable String message,
        @Nullable String mend,
        @Nullable String lastLine) {}
