package org.ifaas.store.sql;

import org.jspecify.annotations.Nullable;

/** Text of unknown origin on its way into a column. */
public final class Texts {
    private static final int MOST = 16 * 1024;

    private Texts() {}

    /** Without U+0000, which PostgreSQL can't hold, and no longer than a screenful or two. */
    public static @Nullable String storable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var cut = text.length() <= MOST ? text : text.substring(0, MOST) + " … (cut)";
        return cut.replace('\0', '\ufffd');
    }
}
