package org.ifaas.factory.stage;

import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.definition.ImageDefinition.Os;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.ImageMetadata;
import org.ifaas.factory.image.ImageName;
import org.ifaas.factory.image.ImageProperties;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.RegionPublisher;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Repository;
import org.ifaas.factory.source.Repository.Resolved;

/**
 * Stage 1: fixes on the factory what will be built, from what and under which names; sees that the signing key, the store
 * and the home region can be used; and ends the build well when there is nothing to do, before any host exists.
 */
public final class Initialize implements Stage<Inputs> {
    private static final long MIB = 1 << 20;

    private final Repository repository;
    private final Mirrors mirrors;
    private final BuildHosts hosts;
    private final Instances instances;
    private final ChosenRegions regions;
    private final TestFlavors flavors;
    private final Builders builders;
    private final ArtifactStore store;
    private final Signer signer;
    private final ChangeCheck changes;

    public Initialize(
            Repository repository,
            Mirrors mirrors,
            BuildHosts hosts,
            Instances instances,
            Registries registries,
            Builders builders,
            ArtifactStore store,
            Signer signer,
            ChangeCheck changes) {
        this.repository = repository;
        this.mirrors = mirrors;
        this.hosts = hosts;
        this.instances = instances;
        this.regions = new ChosenRegions(registries);
        this.flavors = new TestFlavors(instances, registries);
        this.builders = builders;
        this.store = store;
        this.signer = signer;
        this.changes = changes;
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
        var parameters = build.parameters();
        var source = source(build);
        var definition = repository.definition(source);
        log.line(
                "%s: %s, from commit %s of %s",
                definition.name(), definition.title(), source.commit(), source.repository());
        for (var warning : repository.warnings(source)) {
            log.line("warning: " + warning);
        }

        var chosen = regions.of(definition, parameters, log);
        log.line("regions: %s", String.join(", ", chosen));
        if (parameters.runTests()) {
            flavors.check(definition, chosen.getFirst());
        }
        var key = signer.usableKey();
        log.line("signing key %s, expires %s", key.fingerprint(), key.expires());
        checkStore(definition);

        var states = mirrorsOf(definition.os());
        states.forEach(state -> log.line("mirror: %s of %s", state.source().suite(), state.date()));
        var words = changes.inputs(definition, source, chosen, parameters, states);
        var unchanged = builds(parameters, log) ? null : changes.unchangedSince(parameters.image(), words, log);

        var local = instances.of(null);
        var choice = hosts.choose(parameters.host(), parameters.cloud(), source.trusted(), local::acceleration);
        checkArchitecture(definition, hosts.of(choice.kind(), parameters.cloud()));
        checkOwnDisk(definition, choice.kind(), build);
        log.line("build host: %s", choice.reason());
        var serial = Dates.serial(build);
        log.line("serial %s", serial);
        var inputs = new Inputs(
                source,
                definition,
                serial,
                ImageName.registered(definition, serial),
                "releases/" + definition.name() + "/" + serial,
                chosen,
                states,
                ChangeCheck.digest(words),
                words,
                choice.kind(),
                choice.reason(),
                Dates.sourceDate(states, build.build().requested()),
                key.fingerprint(),
                unchanged);
        var buildDate = build.build().requested().atZone(ZoneOffset.UTC).toLocalDate();
        var properties = ImageProperties.of(inputs, buildDate);
        ImageMetadata.of(properties, build.now()).check(log);
        RegionPublisher.otherGeneric(regions.registries().of(inputs.homeRegion()), properties, definition.publishAs())
                .ifPresent(other -> log.line(
                        "warning: os_purpose: generic: while %s (%s) is public in %s, which is generic for the same system,"
                                + " this image can't be published there",
                        other.name(), other.ref().id(), inputs.homeRegion()));
        return inputs;
    }

    /** A build is of one commit: a retry takes the one that was taken first, whatever its ref names by now. */
    private Resolved source(StageContext build) throws StageFailure, InterruptedException {
        var first = build.first(Inputs.class).map(inputs -> inputs.source().commit());
        return repository.resolve(
                build.parameters().image(), first.orElse(build.parameters().ref()));
    }

    private List<MirrorState> mirrorsOf(Os os) throws StageFailure, InterruptedException {
        try {
            return mirrors.state(mirrors.sources(os.distro(), os.codename()));
        } catch (StageFailure e) {
            if (e.blame() != Blame.FACTORY) {
                throw e;
            }
            throw new StageFailure(e.blame(), "os.distro: %s: %s".formatted(os.distro(), e.getMessage()), e.mend(), e);
        }
    }

    /** Whether there is something to do in any case: who wants to look at a host needs one. */
    private static boolean builds(Parameters parameters, StageLog log) {
        if (!parameters.force() && parameters.keepHost() == null) {
            return false;
        }
        log.line("%s: builds whether or not anything has changed", parameters.force() ? "forced" : "its host is kept");
        return true;
    }

    private void checkArchitecture(ImageDefinition definition, HostProvider provider) throws StageFailure {
        var hosts = provider.architecture();
        if (hosts != null
                && !hosts.equals(definition.architecture())
                && !builders.of(definition.builder()).crossBuilds()) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "architecture: %s hosts are %s here, and the builder %s makes no image for %s on them"
                            .formatted(provider.kind(), hosts, definition.builder(), definition.architecture()),
                    "Build it for a cloud whose build hosts are %s servers, or by builder: script or import."
                            .formatted(definition.architecture()));
        }
    }

    /** A host on this machine lives on the factory's disk, and so does what it builds. */
    private static void checkOwnDisk(ImageDefinition definition, HostKind kind, StageContext build)
            throws StageFailure {
        long needed = definition.sizes().diskMiB();
        long free = OwnDisk.freeMiB(build);
        if (kind != HostKind.NOVA && free < needed) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "sizes.disk_mib: the image may take %d MiB, and %d are free on the factory's disk, where its build host would be"
                            .formatted(needed, free),
                    "Make space there ('ifaas doctor' shows how much there is), or build it in a cloud.");
        }
    }

    /** Room for the image even if nothing of it can be compressed. Regions look for themselves when they are sent it. */
    private void checkStore(ImageDefinition definition) throws StageFailure {
        var availability = store.availability();
        if (!availability.available()) {
            throw new StageFailure(Blame.FACTORY, "artifact store: " + availability.detail(), availability.mend());
        }
        long needed = definition.sizes().diskMiB();
        try {
            long free = store.free() / MIB;
            if (free < needed) {
                throw new StageFailure(
                        Blame.FACTORY,
                        "sizes.disk_mib: the image may take %d MiB, and %d are free in the artifact store"
                                .formatted(needed, free),
                        "Make space on its disk: 'ifaas doctor' says what retention removes next, and how much; shorter times under retention in ifaas.yaml remove more.");
            }
        } catch (IOException e) {
            throw StoreFailures.cannotRead("its free space", e);
        }
    }
}
