package org.ifaas.factory.stage;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.suite.IperfServer;

/** Stage 15, ALWAYS: destroys the build host and its keys, or keeps it until a stated time because its requester asked. */
public final class DestroyBuildHost implements Stage<HostDestroyed> {
    private final BuildHosts hosts;
    private final Remote remote;
    private final Names names;

    public DestroyBuildHost(BuildHosts hosts, Remote remote, Names names) {
        this.hosts = hosts;
        this.remote = remote;
        this.names = names;
    }

    @Override
    public StageName name() {
        return StageName.DESTROY_BUILD_HOST;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of();
    }

    @Override
    public Class<HostDestroyed> makes() {
        return HostDestroyed.class;
    }

    @Override
    public HostDestroyed run(StageContext build) throws StageFailure, InterruptedException {
        var spawned = build.find(HostSpawned.class);
        var kept =
                build.parameters().keepHost() == null ? Optional.<HostSpawned>empty() : build.find(HostSpawned.class);
        for (var provider : hosts.usedBy(build.parameters().cloud())) {
            for (var name : provider.present(names.buildHosts(build.build()))) {
                boolean keep = kept.map(host -> host.host().name().equals(name)).orElse(false);
                if (!keep) {
                    build.checkLease();
                    provider.destroy(name);
                    build.log().line("host %s is gone", name);
                }
            }
        }
        if (kept.isPresent()) {
            return keep(kept.get(), build);
        }
        build.checkLease();
        // It runs while the build waits for room: with the folder goes what tells its process.
        new IperfServer("iperf3", build.folder()).stop();
        Folders.deleteQuietly(build.folder());
        return new HostDestroyed(null);
    }

    private HostDestroyed keep(HostSpawned host, StageContext build) throws StageFailure, InterruptedException {
        try (var connection = remote.connect(host.host(), host.userKey(), Duration.ofMinutes(1))) {
            connection.endAll();
            var until =
                    build.now().plus(Objects.requireNonNull(build.parameters().keepHost()));
            build.log().line("kept until %s: %s", until, connection.commandLine());
            return new HostDestroyed(until);
        }
    }
}
