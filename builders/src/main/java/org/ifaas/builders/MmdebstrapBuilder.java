package org.ifaas.builders;

import java.util.List;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;

/** mmdebstrap and a file system made from a folder: no loop device, and the same bytes from the same inputs. */
public final class MmdebstrapBuilder implements Builder {
    private static final BuildScript SCRIPT =
            new BuildScript("mmdebstrap", List.of("build.sh", "before-packages.sh", "customize.sh"));

    @Override
    public String name() {
        return "mmdebstrap";
    }

    @Override
    public List<String> packages(String hostOs) {
        return List.of("debian-archive-keyring", "e2fsprogs", "fdisk", "mmdebstrap", "qemu-utils");
    }

    @Override
    public BuildPlan plan(BuilderInputs inputs) {
        return SCRIPT.plan(inputs);
    }
}
