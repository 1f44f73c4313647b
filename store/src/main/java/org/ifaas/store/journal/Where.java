package org.ifaas.store.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImagePatterns;
import org.jspecify.annotations.Nullable;

/** What rows have to meet, all of it. */
final class Where {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    /** @param value bound by that name, as text; null for whatever there is */
    Where and(String condition, String name, @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value.toString());
        }
        return this;
    }

    /** @param column of an image's name */
    Where among(String column, ImagePatterns images) {
        return and(column + " ~ :images", "images", images.all() ? null : images.regex());
    }

    String sql() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    Map<String, Object> values() {
        return values;
    }
}
