package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * One check: {@code GET /api/v1/doctor}, {@code POST /api/v1/releases/{image}/{serial}/verify}.
 *
 * @param result ok, warning or failed
 * @param detail what was found
 * @param mend what to do; null when nothing
 * @param command the command line that a person would type to check the same; null where there is none
 */
public record CheckView(
        String name,
        String result,
        String detail,
        @Nullable String mend,
        @Nullable String command) {}
