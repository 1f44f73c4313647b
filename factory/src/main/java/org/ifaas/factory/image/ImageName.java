package org.ifaas.factory.image;

import org.ifaas.factory.definition.ImageDefinition;

/** How images and their files are called. */
public final class ImageName {
    private ImageName() {}

    /** The file's name in the release: {@code Standard_Debian_12_amd64_bios-20261122-k3f9x2ma.qcow2}. */
    public static String file(ImageDefinition definition, String serial) {
        return definition.publishAs() + "-" + serial + ".qcow2";
    }

    /** The private name; carries the build's id as part of the serial. */
    public static String registered(ImageDefinition definition, String serial) {
        return definition.publishAs() + "_" + serial;
    }
}
