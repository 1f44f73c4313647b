package org.ifaas.cli.factory;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The interface's records as JSON. Components that this version doesn't know are left out. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    public static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }

    public static <T> List<T> list(String json, Class<T> type) {
        return MAPPER.readValue(json, MAPPER.getTypeFactory().constructCollectionType(List.class, type));
    }

    public static String write(Object record) {
        return MAPPER.writeValueAsString(record);
    }
}
