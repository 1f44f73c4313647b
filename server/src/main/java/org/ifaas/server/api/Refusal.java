package org.ifaas.server.api;

import org.ifaas.api.ErrorView;
import org.jspecify.annotations.Nullable;

/** A request that can't be served: what is wrong, where, and what to do about it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_VALUE = 200;

    private final int status;
    private final transient ErrorView view;

    Refusal(int status, String error, @Nullable String field, @Nullable String value, String mend) {
        super(error);
        this.status = status;
        this.view = new ErrorView(error, field, shortened(value), mend);
    }

    static Refusal notFound(String field, @Nullable String value, String mend) {
        return new Refusal(404, "there is no such " + field, field, value, mend);
    }

    int status() {
        return status;
    }

    ErrorView view() {
        return view;
    }

    private static @Nullable String shortened(@Nullable String value) {
        return value == null || value.length() <= MOST_VALUE ? value : value.substring(0, MOST_VALUE) + "…";
    }
}
