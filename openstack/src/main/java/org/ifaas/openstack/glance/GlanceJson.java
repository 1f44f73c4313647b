package org.ifaas.openstack.glance;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Images as Glance writes them: further properties stand beside the fields that every image has. */
final class GlanceJson {
    /** Fields that are no properties. */
    static final Set<String> FIELDS = Set.of(
            "checksum",
            "container_format",
            "created_at",
            "direct_url",
            "disk_format",
            "file",
            "id",
            "locations",
            "name",
            "os_glance_failed_import",
            "os_glance_importing_to_stores",
            "os_hash_algo",
            "os_hash_value",
            "os_hidden",
            "owner",
            "protected",
            "schema",
            "self",
            "size",
            "status",
            "stores",
            "tags",
            "updated_at",
            "virtual_size",
            "visibility");

    static final Set<String> LIMITS = Set.of("min_disk", "min_ram");

    private GlanceJson() {}

    static RegionImage image(String region, JsonNode json) {
        var properties = new TreeMap<String, String>();
        json.propertyStream().forEach(field -> {
            var value = field.getValue();
            boolean unset = value.isNull() || (LIMITS.contains(field.getKey()) && value.asInt(0) == 0);
            if (!FIELDS.contains(field.getKey()) && !unset) {
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
                text(json, "status"),
                json.path("size").asLong(0),
                old ? "md5" : algorithm,
                old ? text(json, "checksum") : text(json, "os_hash_value"),
                Map.copyOf(properties),
                created(json));
    }

    static ObjectNode asked(String id, NewImage image, String tag) {
        var json = JsonMapper.shared().createObjectNode();
        json.put("id", id);
        json.put("name", image.name());
        json.put("disk_format", "qcow2");
        json.put("container_format", "bare");
        json.put("visibility", "private");
        json.putArray("tags").add(tag);
        new TreeMap<>(image.properties()).forEach((property, value) -> {
            if (LIMITS.contains(property)) {
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
