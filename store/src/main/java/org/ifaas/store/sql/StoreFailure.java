package org.ifaas.store.sql;

import org.jspecify.annotations.Nullable;

/** The database can't be had as configured: which setting, with what value, what is wrong, and the mend. The operator has to act. */
public final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String mend;

    /** @param field the setting or thing that is wrong, such as {@code database} */
    public StoreFailure(String field, String value, String message, String mend) {
        this(field, value, message, mend, null);
    }

    public StoreFailure(String field, String value, String message, String mend, @Nullable Throwable cause) {
        super(field + " " + value + ": " + message, cause);
        this.field = field;
        this.value = value;
        this.mend = mend;
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    /** One sentence that says what to do next. */
    public String mend() {
        return mend;
    }
}
