package org.ifaas.builders;

import java.util.List;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;

/** KIWI, with apt and debootstrap underneath; the signature of every repository is checked. */
public final class KiwiBuilder implements Builder {
    private static final BuildScript SCRIPT =
            new BuildScript("kiwi", List.of("build.sh", "partx.sh", "post_bootstrap.sh"));

    @Override
    public String name() {
        return "kiwi";
    }

    @Override
    public List<String> packages(String hostOs) {
        return List.of(
                "debian-archive-keyring",
                "debootstrap",
                "dosfstools",
                "e2fsprogs",
                "fdisk",
                "gdisk",
                "gpg",
                "gpgv",
                "grub-pc-bin",
                "grub2-common",
                "kiwi",
                "kiwi-systemdeps-core",
                "mtools",
                "parted",
                "qemu-utils",
                "rsync",
                "xz-utils",
                "zstd");
    }

    @Override
    public BuildPlan plan(BuilderInputs inputs) {
        return SCRIPT.plan(inputs);
    }
}
