package org.ifaas.builders;

import java.util.List;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;

/** OpenStack's diskimage-builder: elements in a chroot, then a loop device. */
public final class DiskImageBuilder implements Builder {
    private static final BuildScript SCRIPT = new BuildScript(
            "diskimage-builder",
            List.of("build.sh", "kpartx-without-device-mapper.sh", "dmsetup-without-device-mapper.sh"));

    @Override
    public String name() {
        return "diskimage-builder";
    }

    @Override
    public List<String> packages(String hostOs) {
        return List.of(
                "debian-archive-keyring",
                "debootstrap",
                "dmsetup",
                "dosfstools",
                "e2fsprogs",
                "fdisk",
                "gdisk",
                "kpartx",
                "mmdebstrap",
                "parted",
                "python3-diskimage-builder",
                "qemu-utils",
                "rsync",
                "sudo",
                "xfsprogs");
    }

    @Override
    public BuildPlan plan(BuilderInputs inputs) {
        return SCRIPT.plan(inputs);
    }
}
