package org.ifaas.factory.image;

import java.util.List;

/** A tool that builds images on a build host: KIWI, diskimage-builder, mmdebstrap, or a definition's own script. */
public interface Builder {
    /** As in {@code image.yaml}. */
    String name();

    /** Packages that the build host needs, per host operating system such as {@code debian-12}. */
    List<String> packages(String hostOs);

    /** Whether it makes images of another architecture than its host's; most run programs of the image while they make it. */
    default boolean crossBuilds() {
        return false;
    }

    BuildPlan plan(BuilderInputs inputs);
}
