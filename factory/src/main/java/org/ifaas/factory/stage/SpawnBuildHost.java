package org.ifaas.factory.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.Mirrors;

/** Stage 2: spawns the build host. Its SSH host key is made here, so that it is known before the first connection. */
public final class SpawnBuildHost implements Stage<HostSpawned> {
    private final BuildHosts hosts;
    private final Remote remote;
    private final Builders builders;
    private final Handovers handovers;
    private final Mirrors mirrors;
    private final HostPolicy policy;
    private final Names names;

    public SpawnBuildHost(
            BuildHosts hosts,
            Remote remote,
            Builders builders,
            Handovers handovers,
            Mirrors mirrors,
            HostPolicy policy,
            Names names) {
        this.hosts = hosts;
        this.remote = remote;
        this.builders = builders;
        this.handovers = handovers;
        this.mirrors = mirrors;
        this.policy = policy;
        this.names = names;
    }

    @Override
    public StageName name() {
        return StageName.SPAWN_BUILD_HOST;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(Inputs.class);
    }

    @Override
    public Class<HostSpawned> makes() {
        return HostSpawned.class;
    }

    @Override
    public void checkRoom(StageContext build) throws StageFailure, InterruptedException {
        hosts(build).checkRoom(names.buildHost(build.build()));
    }

    private HostProvider hosts(StageContext build) throws StageFailure {
        return hosts.of(
                Objects.requireNonNull(build.fact(Inputs.class).hostKind()),
                build.parameters().cloud());
    }

    @Override
    public HostSpawned run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var name = names.buildHost(build.build());
        var userKey = remote.key(build.folder(), "user-" + name, "build " + build.id());
        var hostKey = remote.key(build.folder(), "host-" + name, name);
        var os = policy.os();
        var sources = mirrors.sources(os.distro(), os.codename()).stream()
                .map(AptSource::line)
                .toList();
        var request = new HostRequest(
                name,
                os.name(),
                size(inputs),
                packages(inputs, os.name(), build),
                List.copyOf(sources),
                userKey,
                hostKey);
        build.log().line("host %s: %s", name, inputs.hostReason());
        var provider = hosts(build);
        var host = provider.spawn(request, build.log());
        build.log().line("%s runs, reached at %s port %d", host.detail(), host.address(), host.port());
        return new HostSpawned(host, userKey, provider.cloud() == null ? hosts.node() : null);
    }

    private List<String> packages(Inputs inputs, String os, StageContext build) throws StageFailure {
        var packages =
                new ArrayList<>(builders.of(inputs.definition().builder()).packages(os));
        packages.addAll(handovers
                .of(
                        Objects.requireNonNull(inputs.hostKind()),
                        build.parameters().cloud())
                .packages());
        return packages;
    }

    private HostSize size(Inputs inputs) {
        int imageGiB = Math.ceilDiv(inputs.definition().sizes().diskMiB(), 1024);
        return new HostSize(policy.cpus(), policy.memoryMiB(), policy.diskGiB() + 3 * imageGiB);
    }

    @Override
    public boolean holds(HostSpawned fact, StageContext build) {
        try {
            return hosts.of(fact.host().kind(), build.parameters().cloud())
                    .find(fact.host().name())
                    .isPresent();
        } catch (StageFailure unreachable) {
            return false;
        }
    }
}
