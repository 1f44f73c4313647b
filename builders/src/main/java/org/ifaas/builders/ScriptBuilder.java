package org.ifaas.builders;

import java.util.List;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;

/** Any program of the definition that leaves an image; its host has the usual tools for making disks. */
public final class ScriptBuilder implements Builder {
    private static final BuildScript SCRIPT = new BuildScript("script", List.of("build.sh"));

    @Override
    public String name() {
        return "script";
    }

    @Override
    public List<String> packages(String hostOs) {
        return List.of(
                "cpio",
                "debian-archive-keyring",
                "dosfstools",
                "e2fsprogs",
                "fdisk",
                "grub-common",
                "kmod",
                "mtools",
                "qemu-utils",
                "xz-utils",
                "zstd");
    }

    @Override
    public boolean crossBuilds() {
        return true;
    }

    @Override
    public BuildPlan plan(BuilderInputs inputs) {
        return SCRIPT.plan(inputs);
    }
}
