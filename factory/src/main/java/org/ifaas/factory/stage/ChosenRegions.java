package org.ifaas.factory.stage;

import java.util.List;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Which regions a build goes to, and whether they answer. */
record ChosenRegions(Registries registries) {
    /** The home region has to answer. That another one does not is only said: by the time of stage 12 it may. */
    List<String> of(ImageDefinition definition, Parameters parameters, StageLog log) throws StageFailure {
        var regions = chosen(definition, parameters);
        answers(regions.getFirst());
        for (var region : regions.subList(1, regions.size())) {
            var availability = registries.of(region).availability();
            if (!availability.available()) {
                log.line(
                        "warning: region %s: %s. The build goes on without it: when it has no copy there in the end either,"
                                + " it is PARTIAL, and asks for no publication before 'ifaas retry' has made one. %s",
                        region, availability.detail(), availability.mend());
            }
        }
        return List.copyOf(regions);
    }

    void answers(String region) throws StageFailure {
        var availability = registries.of(region).availability();
        if (!availability.available()) {
            throw new StageFailure(Blame.CLOUD, "region " + region + ": " + availability.detail(), availability.mend());
        }
    }

    /** @throws StageFailure blaming the REQUEST when the region that it names is not there */
    String asked(String region) throws StageFailure {
        var all = registries.all().stream().map(Registry::region).toList();
        if (!all.contains(region)) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "regions: no region " + region + " is configured",
                    "Choose among " + String.join(", ", all) + ".");
        }
        return region;
    }

    /** Those that are asked for; else the definition's, of which a build for a cloud takes those of that cloud; else all. */
    List<String> chosen(ImageDefinition definition, Parameters parameters) throws StageFailure {
        var cloud = parameters.cloud();
        if (cloud != null && !registries.clouds().contains(cloud)) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "cloud: no cloud " + cloud + " is configured",
                    registries.clouds().isEmpty()
                            ? "Describe it under clouds in ifaas.yaml; docs/operate/openstack.md says how."
                            : "Choose among " + String.join(", ", registries.clouds()) + ".");
        }
        if (!parameters.regions().isEmpty()) {
            for (var region : parameters.regions()) {
                asked(region);
            }
            return parameters.regions();
        }
        var own = registries.regions(cloud);
        var defined = cloud == null
                ? definition.regions()
                : definition.regions().stream().filter(own::contains).toList();
        return defined.isEmpty() ? own : defined;
    }
}
