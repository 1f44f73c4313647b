package org.ifaas.factory.image;

import java.util.Set;

/** Names in Glance's JSON of an image that every region speaks, be it a directory or a cloud. */
public final class GlanceFields {
    /** Fields that every image has, and that are no properties. */
    public static final Set<String> FIELDS = Set.of(
            "checksum",
            "container_format",
            "created_at",
            "direct_url",
            "disk_format",
            "file",
            "id",
            "locations",
            "name",
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

    /** Properties that are numbers there, and 0 when nobody has set them. */
    public static final Set<String> LIMITS = Set.of("min_disk", "min_ram");

    private GlanceFields() {}
}
