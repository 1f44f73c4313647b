package org.ifaas.builders;

import java.util.List;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;

/** A vendor's image instead of one of our own: fetched, checked against the digest that the definition pins, and then tested, signed and copied like any other. */
public final class ImportBuilder implements Builder {
    private static final BuildScript SCRIPT = new BuildScript("import", List.of("build.sh"));

    @Override
    public String name() {
        return "import";
    }

    @Override
    public List<String> packages(String hostOs) {
        return List.of("ca-certificates", "curl", "e2fsprogs", "fdisk", "qemu-utils", "xz-utils", "zstd");
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
