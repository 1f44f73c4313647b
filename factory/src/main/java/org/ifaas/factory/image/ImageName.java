package org.ifaas.factory.image;

import java.util.Locale;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.definition.ImageDefinition.Os;

/** How images and their files are called. */
public final class ImageName {
    private ImageName() {}

    /** The public name of an image that is not given one: {@code Standard_Debian_12_amd64_bios}. */
    public static String compiled(Os os, String architecture, Firmware firmware) {
        var distro = os.distro().substring(0, 1).toUpperCase(Locale.ROOT)
                + os.distro().substring(1);
        return "Standard_%s_%s_%s_%s"
                .formatted(
                        distro,
                        os.version().replace('~', '-'),
                        architecture,
                        firmware.name().toLowerCase(Locale.ROOT));
    }

    /** The file's name in the release: {@code Standard_Debian_12_amd64_bios-20261122-k3f9x2ma.qcow2}. */
    public static String file(ImageDefinition definition, String serial) {
        return definition.publishAs() + "-" + serial + ".qcow2";
    }

    /** The private name; carries the build's id as part of the serial. */
    public static String registered(ImageDefinition definition, String serial) {
        return definition.publishAs() + "_" + serial;
    }
}
