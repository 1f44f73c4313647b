package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of every answer that is not 2xx: problem details after RFC 9457 ({@code application/problem+json}), with the members
 * {@code field}, {@code value}, {@code mend} and {@code errors} of our own.
 *
 * @param title what the status means, such as {@code Not Found}
 * @param status of the answer
 * @param detail what is wrong
 * @param field the field or parameter; null when none
 * @param value its value, shortened; null when none
 * @param mend what to do about it
 * @param errors everything that is wrong with a build that was asked for, the first being what is said above; empty otherwise
 */
public record ErrorView(
        String title,
        int status,
        String detail,
        @Nullable String field,
        @Nullable String value,
        String mend,
        List<Wrong> errors) {

    /** One of several things; its members mean the same as those of the whole. */
    public record Wrong(
            String detail, @Nullable String field, @Nullable String value, String mend) {}
}
