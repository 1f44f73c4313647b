package org.ifaas.factory.publish;

import java.util.Set;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Measurer;

/** The regions that the factory publishes itself. */
public record OwnRegions(Set<String> names, Registries registries, Measurer measurer) {
    public OwnRegions {
        names = Set.copyOf(names);
    }

    boolean has(String region) {
        return names.contains(region);
    }

    RegionPublisher publisher(String region) throws StageFailure {
        return new RegionPublisher(registries.of(region), measurer);
    }
}
