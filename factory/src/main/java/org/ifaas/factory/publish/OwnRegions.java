package org.ifaas.factory.publish;

import java.util.List;
import java.util.Set;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Measurer;

/** The regions that the factory publishes itself. */
public record OwnRegions(Set<String> names, Registries registries, Measurer measurer) {
    public OwnRegions {
        names = Set.copyOf(names);
    }

    /** Those, too, that others publish in. */
    List<String> all() {
        return registries.all().stream().map(Registry::region).toList();
    }

    boolean has(String region) {
        return names.contains(region);
    }

    RegionPublisher publisher(String region) throws StageFailure {
        return new RegionPublisher(registries.of(region), measurer);
    }
}
