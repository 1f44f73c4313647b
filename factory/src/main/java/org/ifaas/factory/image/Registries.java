package org.ifaas.factory.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** The registries of all regions that are configured, in the configuration's order. */
public final class Registries {
    private final Map<String, Registry> byRegion = new LinkedHashMap<>();

    public Registries(List<Registry> registries) {
        registries.forEach(registry -> byRegion.put(registry.region(), registry));
    }

    public List<String> regions() {
        return List.copyOf(byRegion.keySet());
    }

    public List<Registry> all() {
        return List.copyOf(byRegion.values());
    }

    /** @throws StageFailure blaming the IMAGE when no such region is configured */
    public Registry of(String region) throws StageFailure {
        var registry = byRegion.get(region);
        if (registry == null) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "regions: no region " + region + " is configured",
                    "Choose among " + String.join(", ", byRegion.keySet()) + ".");
        }
        return registry;
    }
}
