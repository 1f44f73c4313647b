package org.ifaas.storage;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.image.GlanceFields;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.RegionImage;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image as Glance's API shows it: further properties stand beside the fields that every image has.
 *
 * @param checksum md5 of the bytes, hexadecimal; empty as long as there are none
 * @param properties further ones, and {@code min_disk} and {@code min_ram}
 */
record GlanceImage(
        String id,
        String name,
        String status,
        String visibility,
        boolean hidden,
        String diskFormat,
        long size,
        String checksum,
        String sha512,
        Instant created,
        Instant updated,
        Map<String, String> properties) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    GlanceImage {
        properties = Map.copyOf(properties);
    }

    GlanceImage withStatus(String status, Instant updated) {
        return new GlanceImage(
                id, name, status, visibility, hidden, diskFormat, size, checksum, sha512, created, updated, properties);
    }

    GlanceImage active(long size, String checksum, String sha512, Instant updated) {
        return new GlanceImage(
                id,
                name,
                "active",
                visibility,
                hidden,
                diskFormat,
                size,
                checksum,
                sha512,
                created,
                updated,
                properties);
    }

    GlanceImage as(String name, String visibility, boolean hidden, Instant updated) {
        return new GlanceImage(
                id, name, status, visibility, hidden, diskFormat, size, checksum, sha512, created, updated, properties);
    }

    RegionImage in(String region) {
        return new RegionImage(
                new ImageRef(region, id),
                name,
                visibility,
                hidden,
                diskFormat,
                status,
                size,
                "sha512",
                sha512,
                properties,
                created);
    }

    byte[] json() {
        var json = JSON.createObjectNode();
        json.put("id", id);
        json.put("name", name);
        json.put("status", status);
        json.put("visibility", visibility);
        json.put("os_hidden", hidden);
        json.put("protected", false);
        json.put("size", size);
        putOrNull(json, "checksum", checksum);
        json.put("os_hash_algo", "sha512");
        putOrNull(json, "os_hash_value", sha512);
        json.put("disk_format", diskFormat);
        json.put("container_format", "bare");
        json.put("min_disk", Integer.parseInt(properties.getOrDefault("min_disk", "0")));
        json.put("min_ram", Integer.parseInt(properties.getOrDefault("min_ram", "0")));
        json.put("created_at", created.toString());
        json.put("updated_at", updated.toString());
        json.putArray("tags");
        new TreeMap<>(properties).forEach((property, value) -> {
            if (!GlanceFields.LIMITS.contains(property)) {
                json.put(property, value);
            }
        });
        return JSON.writeValueAsBytes(json);
    }

    private static void putOrNull(ObjectNode json, String field, String value) {
        if (value.isEmpty()) {
            json.putNull(field);
        } else {
            json.put(field, value);
        }
    }

    /** @throws IllegalArgumentException when it is no image of that id */
    static GlanceImage read(byte[] content, String id) {
        try {
            var json = JSON.readTree(content);
            var properties = new TreeMap<String, String>();
            json.propertyStream().forEach(field -> {
                var limit = GlanceFields.LIMITS.contains(field.getKey());
                if (!GlanceFields.FIELDS.contains(field.getKey())
                        && !(limit && field.getValue().asInt() == 0)) {
                    properties.put(field.getKey(), field.getValue().asString());
                }
            });
            if (!text(json, "id").equals(id)) {
                throw new IllegalArgumentException("its id is " + text(json, "id"));
            }
            return new GlanceImage(
                    id,
                    text(json, "name"),
                    text(json, "status"),
                    text(json, "visibility"),
                    json.path("os_hidden").asBoolean(false),
                    text(json, "disk_format"),
                    json.path("size").asLong(0),
                    textOrEmpty(json, "checksum"),
                    textOrEmpty(json, "os_hash_value"),
                    Instant.parse(text(json, "created_at")),
                    Instant.parse(text(json, "updated_at")),
                    properties);
        } catch (JacksonException | DateTimeParseException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String text(JsonNode json, String field) {
        if (!json.path(field).isString()) {
            throw new IllegalArgumentException("it has no " + field);
        }
        return json.path(field).asString();
    }

    private static String textOrEmpty(JsonNode json, String field) {
        return json.path(field).isString() ? json.path(field).asString() : "";
    }
}
