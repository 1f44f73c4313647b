package org.ifaas.factory.stage;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.ImageName;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Repository;

/**
 * Stage 1 of a test: fixes the definition that says how the image is tested, and the region where it is booted. It needs no
 * signing key and no host, and there is always something to do.
 */
public final class InitializeForTest implements Stage<Inputs> {
    private final Repository repository;
    private final Mirrors mirrors;
    private final ChosenRegions regions;
    private final TestFlavors flavors;

    public InitializeForTest(Repository repository, Mirrors mirrors, Instances instances, Registries registries) {
        this.repository = repository;
        this.mirrors = mirrors;
        this.regions = new ChosenRegions(registries);
        this.flavors = new TestFlavors(instances, registries);
    }

    @Override
    public StageName name() {
        return StageName.INITIALIZE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of();
    }

    @Override
    public Class<Inputs> makes() {
        return Inputs.class;
    }

    @Override
    public Inputs run(StageContext build) throws StageFailure, InterruptedException {
        var log = build.log();
        var source = repository.resolve(
                build.parameters().image(), build.parameters().ref());
        var definition = repository.definition(source);
        log.line(
                "tested as %s, %s, at commit %s of %s",
                definition.name(), definition.title(), source.commit(), source.repository());
        var region = region(definition, build.parameters());
        regions.answers(region);
        flavors.check(definition, region);
        var states = mirrors.state(
                mirrors.sources(definition.os().distro(), definition.os().codename()));
        var serial = Dates.serial(build);
        log.line("in region %s, serial %s", region, serial);
        var words = Map.of("commit", source.commit());
        return new Inputs(
                source,
                definition,
                serial,
                ImageName.registered(definition, serial),
                "tests/" + definition.name() + "/" + serial,
                List.of(region),
                states,
                ChangeCheck.digest(words),
                words,
                null,
                "a test needs no build host",
                Dates.sourceDate(states, build.build().requested()),
                "",
                null);
    }

    /** The one that holds the image; for a file, the first of those that a build would go to. */
    private String region(ImageDefinition definition, Parameters parameters) throws StageFailure {
        return parameters.imageId() == null
                ? regions.chosen(definition, parameters).getFirst()
                : regions.asked(ImageRef.parse(parameters.imageId()).region());
    }
}
