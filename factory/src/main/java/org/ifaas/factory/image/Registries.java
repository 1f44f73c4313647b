package org.ifaas.factory.image;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** The registries of all regions that are configured, in the configuration's order. */
public final class Registries {
    private final Map<String, Registry> byRegion = new LinkedHashMap<>();

    public Registries(List<Registry> registries) {
        registries.forEach(registry -> byRegion.put(registry.region(), registry));
    }

    /** @param cloud null for the directories of this machine */
    public List<String> regions(@Nullable String cloud) {
        return byRegion.values().stream()
                .filter(registry -> Objects.equals(registry.cloud(), cloud))
                .map(Registry::region)
                .toList();
    }

    /** Clouds that have regions here. */
    public Set<String> clouds() {
        var clouds = new TreeSet<String>();
        for (var registry : byRegion.values()) {
            if (registry.cloud() != null) {
                clouds.add(registry.cloud());
            }
        }
        return clouds;
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
