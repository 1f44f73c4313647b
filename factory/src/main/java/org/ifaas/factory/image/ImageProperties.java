package org.ifaas.factory.image;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.fact.Inputs;

/** Glance's properties of an image after SCS-0102; the definition's own win. */
public final class ImageProperties {
    private ImageProperties() {}

    public static Map<String, String> of(Inputs inputs, LocalDate buildDate) {
        var definition = inputs.definition();
        var all = new TreeMap<String, String>();
        all.put("architecture", glanceArchitecture(definition));
        all.put("hw_disk_bus", "scsi");
        all.put("hw_scsi_model", "virtio-scsi");
        all.put("hw_rng_model", "virtio");
        all.put("hw_firmware_type", definition.firmware() == Firmware.UEFI ? "uefi" : "bios");
        all.put("hypervisor_type", "qemu");
        all.put("image_build_date", buildDate.toString());
        all.put("image_description", definition.title());
        all.put("image_original_user", definition.os().user());
        all.put("image_source", "private");
        all.put("internal_version", inputs.serial());
        all.put("min_disk", Integer.toString(definition.sizes().minDiskGiB()));
        all.put("min_ram", Integer.toString(definition.sizes().minRamMiB()));
        all.put("os_distro", definition.os().distro());
        all.put("os_purpose", "custom");
        all.put("os_version", definition.os().version());
        all.put(
                "patchlevel",
                inputs.sourceDate().atZone(ZoneOffset.UTC).toLocalDate().toString());
        all.put("provided_until", "none");
        all.put("replace_frequency", definition.replaceFrequency());
        all.put("uuid_validity", "none");
        all.putAll(definition.properties());
        return all;
    }

    private static String glanceArchitecture(ImageDefinition definition) {
        return switch (definition.architecture()) {
            case "amd64", "x86_64" -> "x86_64";
            case "arm64", "aarch64" -> "aarch64";
            default -> definition.architecture();
        };
    }
}
