package org.ifaas.openstack.glance;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.GlanceFields;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Images as Glance writes them: further properties stand beside the fields that every image has. */
final class GlanceJson {
    /** Where Glance says how an import goes on. */
    private static final String IMPORT = "os_glance_";

    private GlanceJson() {}

    /** Whether a name is that of a field, and of no property. */
    static boolean isField(String name) {
        return GlanceFields.FIELDS.contains(name) || name.startsWith(IMPORT);
    }

    static RegionImage image(String region, JsonNode json) {
        var properties = new TreeMap<String, String>();
        json.propertyStream().forEach(field -> {
            var value = field.getValue();
            boolean unset = value.isNull() || (GlanceFields.LIMITS.contains(field.getKey()) && value.asInt(0) == 0);
            if (!isField(field.getKey()) && !unset) {
                properties.put(field.getKey(), value.asString());
            }
        });
        var algorithm = text(json, "os_hash_algo");
        // Before Rocky, and where the operator has switched the other off, there is but the md5.
        boolean old = algorithm.isEmpty();
        return new RegionImage(
                new ImageRef(region, text(json, "id")),
                text(json, "name"),
                text(json, "visibility"),
                json.path("os_hidden").asBoolean(false),
                text(json, "disk_format"),
                text(json, "status"),
                json.path("size").asLong(0),
                old ? "md5" : algorithm,
                old ? text(json, "checksum") : text(json, "os_hash_value"),
                Map.copyOf(properties),
                created(json));
    }

    static ObjectNode asked(String id, NewImage image, DiskFormat format, String tag) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("id", id);
        json.put("name", image.name());
        json.put("disk_format", format.word());
        json.put("container_format", "bare");
        json.put("visibility", "private");
        json.putArray("tags").add(tag);
        new TreeMap<>(image.properties()).forEach((property, value) -> {
            if (GlanceFields.LIMITS.contains(property)) {
                json.put(property, Integer.parseInt(value));
            } else {
                json.put(property, value);
            }
        });
        return json;
    }

    private static Instant created(JsonNode json) {
        try {
            return Instant.parse(text(json, "created_at"));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(JsonNode json, String field) {
        return json.path(field).isString() ? json.path(field).asString() : "";
    }
}
