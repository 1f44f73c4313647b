package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of every answer that is not 2xx.
 *
 * @param error what is wrong
 * @param field the field or parameter; null when none
 * @param value its value, shortened; null when none
 * @param mend what to do about it
 */
public record ErrorView(
        String error, @Nullable String field, @Nullable String value, String mend) {}
