package org.ifaas.factory.stage;

import java.time.Duration;
import java.time.Instant;
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
import org.jspecify.annotations.Nullable;

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
        var until = spawned.isPresent() ? keep(spawned.get(), build) : null;
        var kept = spawned.filter(host -> until != null).map(host -> host.host().name());
        for (var provider : hosts.usedBy(build.parameters().cloud())) {
            for (var name : provider.present(names.buildHosts(build.build()))) {
                if (!kept.equals(Optional.of(name))) {
                    build.checkLease();
                    provider.destroy(name);
                    build.log().line("host %s is gone", name);
                }
            }
        }
        if (until == null) {
            build.checkLease();
            // It runs while the build waits for room: with the folder goes what tells its process.
            new IperfServer("iperf3", build.folder()).stop();
            Folders.deleteQuietly(build.folder());
        }
        return new HostDestroyed(until);
    }

    /** Until when; null when nobody asked for it, or it does not answer: who can't log in has nothing of it. */
    private @Nullable Instant keep(HostSpawned host, StageContext build) throws InterruptedException {
        var howLong = build.parameters().keepHost();
        if (howLong == null) {
            return null;
        }
        build.checkLease();
        try (var connection = remote.connect(host.host(), host.userKey(), Duration.ofMinutes(1))) {
            connection.endAll();
            var until = build.now().plus(howLong);
            build.log().line("kept until %s: %s", until, connection.commandLine());
            return until;
        } catch (StageFailure e) {
            build.log().line("host %s is not kept: %s", host.host().name(), e.getMessage());
            return null;
        }
    }
}
