package org.ifaas.factory.host;

import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.jspecify.annotations.Nullable;

/**
 * A test instance to be booted from a registered image.
 *
 * @param name unique; carries the factory's id and the build's id
 * @param file the registered image's own file, where the region is a directory on this machine; never written to
 * @param diskFormat of that file
 * @param hostname what cloud-init is to set
 * @param user the account cloud-init is to make; may use sudo
 * @param size its disk is larger than the image's, so that growing shows
 * @param flavor its name where the size is that of a flavor; null for any that is large enough
 * @param ports ports of the factory on loopback that the instance must reach, at {@code 10.0.2.2} under QEMU
 */
public record InstanceRequest(
        String name,
        ImageRef image,
        @Nullable Path file,
        DiskFormat diskFormat,
        String architecture,
        Firmware firmware,
        String hostname,
        String user,
        SshKey userKey,
        HostSize size,
        @Nullable String flavor,
        List<Integer> ports) {}
