package org.ifaas.factory.host;

import java.util.List;
import java.util.Objects;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** The test instances that this factory can have: on its own machine, and in each of its clouds. */
public final class Instances {
    private final List<TestInstances> all;

    public Instances(List<TestInstances> all) {
        this.all = List.copyOf(all);
    }

    public List<TestInstances> all() {
        return all;
    }

    /**
     * @param registry whose images they boot
     * @throws StageFailure blaming the FACTORY when there are none
     */
    public TestInstances booting(Registry registry) throws StageFailure {
        var instances = of(registry.cloud());
        var region = instances.region();
        if (region == null || region.equals(registry.region())) {
            return instances;
        }
        throw new StageFailure(
                Blame.FACTORY,
                "region " + registry.region() + " has no test instances: those of its cloud boot images of " + region,
                "Name " + region + ", or describe " + registry.region()
                        + " under clouds in ifaas.yaml as a cloud of its own, with a network.");
    }

    /**
     * @param cloud whose images they boot; null for the factory's own machine
     * @throws StageFailure blaming the FACTORY when there are none
     */
    public TestInstances of(@Nullable String cloud) throws StageFailure {
        return all.stream()
                .filter(instances -> Objects.equals(instances.cloud(), cloud))
                .findFirst()
                .orElseThrow(() -> new StageFailure(
                        Blame.FACTORY,
                        cloud == null
                                ? "no test instances can be had on this machine"
                                : "cloud " + cloud + " has no network for test instances in the configuration",
                        "Describe where they run under clouds in ifaas.yaml, or build with --no-tests."));
    }
}
