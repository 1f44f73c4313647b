package org.ifaas.store.answer;

import org.jspecify.annotations.Nullable;

/**
 * What was answered to a request.
 *
 * @param body null where it is not kept
 */
public record StoredAnswer(
        int status,
        @Nullable String type,
        @Nullable String location,
        @Nullable String body) {}
