package org.ifaas.server.api;

import java.util.regex.Pattern;
import org.ifaas.api.ErrorView;
import org.jspecify.annotations.Nullable;

/** A request that can't be served: what is wrong, where, and what to do about it. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_VALUE = 200;
    /** What a terminal would obey rather than show, and halves of characters. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}]");

    private final int status;
    private final transient ErrorView view;

    public Refusal(int status, String error, @Nullable String field, @Nullable String value, String mend) {
        super(error);
        this.status = status;
        this.view = new ErrorView(error, shown(field), shown(value), mend);
    }

    public static Refusal notFound(String field, @Nullable String value, String mend) {
        return new Refusal(404, "there is no such " + field, field, value, mend);
    }

    /** The database knows of it and the artifact store does not have it, or can't be reached. */
    public static Refusal notInStore(String error, String field, String value) {
        return new Refusal(
                503,
                error,
                field,
                value,
                "It lies in the artifact store: see that store.directory is mounted, and is the one of this database.");
    }

    public int status() {
        return status;
    }

    public ErrorView view() {
        return view;
    }

    private static @Nullable String shown(@Nullable String value) {
        if (value == null) {
            return null;
        }
        var plain = UNSEEN.matcher(value.substring(0, Math.min(value.length(), MOST_VALUE)))
                .replaceAll("\ufffd");
        return value.length() <= MOST_VALUE ? plain : plain + "…";
    }
}
