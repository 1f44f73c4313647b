package org.ifaas.factory.stage;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseResigned;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.ImageFiles;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Pipeline;
import org.ifaas.factory.pipeline.Pipelines;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.signing.Attester;
import org.ifaas.factory.signing.Auditor;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Repository;

/** The fifteen stages, in the order in which they are shown everywhere, and the pipelines that are made of them. */
public final class Stages {
    /** What the stages make, in the same order, and what those of other kinds make instead. */
    public static final List<Class<? extends Fact>> FACTS = List.of(
            Inputs.class,
            HostSpawned.class,
            HostConnected.class,
            SourcesCheckedOut.class,
            HostConfigured.class,
            RunPrepared.class,
            ImageBuilt.class,
            ImageRegistered.class,
            ImageTested.class,
            ReleaseSealed.class,
            ImageHashed.class,
            ImageCopied.class,
            PublicationRequested.class,
            CleanedUp.class,
            HostDestroyed.class,
            ReleaseResigned.class,
            ArtifactsRemoved.class,
            LogsRemoved.class);

    private Stages() {}

    /** All that the stages reach the world through. */
    public record Ports(
            Repository repository,
            Mirrors mirrors,
            BuildHosts hosts,
            Remote remote,
            Builders builders,
            Handovers handovers,
            Instances instances,
            Registries registries,
            ArtifactStore store,
            ImageFiles imageFiles,
            Converter converter,
            Measurer measurer,
            Signer signer,
            Attester attester,
            Sealer sealer,
            Auditor auditor,
            PublicationRequests requests) {}

    /** @param files those that may be tested */
    public static Pipelines pipelines(
            Ports ports,
            Logs logs,
            ChangeCheck changes,
            InstanceTests tests,
            HostPolicy policy,
            PublicationPolicy publication,
            Names names,
            ImagesToTest files,
            Journal journal,
            AuditLog audit) {
        var resign = new SignAgain(journal, ports.attester(), ports.sealer(), ports.store(), audit);
        return new Pipelines(Map.of(
                Kind.BUILD, build(ports, logs, changes, tests, policy, publication, names),
                Kind.TEST, test(ports, tests, names, files),
                Kind.RESIGN, new Pipeline(List.of(resign, cleanUp(ports, names)))));
    }

    private static Pipeline test(Ports ports, InstanceTests tests, Names names, ImagesToTest files) {
        return new Pipeline(List.of(
                new InitializeForTest(ports.repository(), ports.mirrors(), ports.instances(), ports.registries()),
                new TakeImage(files, ports.registries(), ports.store(), ports.measurer(), ports.imageFiles()),
                new FindImage(register(ports), ports.registries()),
                new TestImage(tests, ports.registries(), ports.store(), ports.measurer()),
                cleanUp(ports, names)));
    }

    private static <F extends Fact> Stage<F> own(Stage<F> stage, Ports ports) {
        return new WithOwnStages<>(stage, ports.remote());
    }

    private static RegisterPrivateImage register(Ports ports) {
        return new RegisterPrivateImage(
                ports.registries(), ports.store(), ports.converter(), ports.measurer(), ports.requests());
    }

    private static CleanUp cleanUp(Ports ports, Names names) {
        return new CleanUp(
                ports.instances(), ports.handovers(), ports.registries(), ports.store(), ports.requests(), names);
    }

    private static Pipeline build(
            Ports ports,
            Logs logs,
            ChangeCheck changes,
            InstanceTests tests,
            HostPolicy policy,
            PublicationPolicy publication,
            Names names) {
        var packages = new HostPackages(ports.mirrors(), policy);
        return new Pipeline(List.of(
                new Initialize(
                        ports.repository(),
                        ports.mirrors(),
                        ports.hosts(),
                        ports.instances(),
                        ports.registries(),
                        ports.builders(),
                        ports.store(),
                        ports.signer(),
                        changes),
                new SpawnBuildHost(
                        ports.hosts(),
                        ports.remote(),
                        ports.builders(),
                        ports.handovers(),
                        ports.mirrors(),
                        policy,
                        names),
                new ConnectBuildHost(ports.remote(), policy),
                own(new CheckOutSources(ports.remote(), ports.repository(), packages), ports),
                own(new ConfigureBuildHost(ports.remote(), ports.builders(), ports.handovers(), packages), ports),
                own(new PrepareRun(ports.remote(), ports.builders()), ports),
                own(
                        new BuildImage(
                                ports.remote(),
                                ports.handovers(),
                                ports.store(),
                                ports.measurer(),
                                ports.imageFiles(),
                                ports.mirrors()),
                        ports),
                own(register(ports), ports),
                own(new TestImage(tests, ports.registries(), ports.store(), ports.measurer()), ports),
                own(new SignImage(ports.attester(), ports.sealer(), ports.store(), logs, ports.requests()), ports),
                own(new HashImage(ports.auditor(), ports.store()), ports),
                own(
                        new CopyToRegions(
                                ports.registries(),
                                ports.store(),
                                ports.converter(),
                                ports.measurer(),
                                ports.requests()),
                        ports),
                own(
                        new RequestPublication(
                                ports.requests(), ports.attester(), ports.sealer(), ports.store(), publication),
                        ports),
                cleanUp(ports, names),
                new DestroyBuildHost(ports.hosts(), ports.remote(), names)));
    }
}
