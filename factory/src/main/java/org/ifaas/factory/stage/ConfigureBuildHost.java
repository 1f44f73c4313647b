package org.ifaas.factory.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;

/** Stage 5: installs what the builder and the hand-over need on the build host, and notes the versions. */
public final class ConfigureBuildHost implements Stage<HostConfigured> {
    private final Remote remote;
    private final Builders builders;
    private final Handovers handovers;
    private final HostPackages hostPackages;

    public ConfigureBuildHost(Remote remote, Builders builders, Handovers handovers, HostPackages hostPackages) {
        this.remote = remote;
        this.builders = builders;
        this.handovers = handovers;
        this.hostPackages = hostPackages;
    }

    @Override
    public StageName name() {
        return StageName.CONFIGURE_BUILD_HOST;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(SourcesCheckedOut.class);
    }

    @Override
    public Class<HostConfigured> makes() {
        return HostConfigured.class;
    }

    @Override
    public HostConfigured run(StageContext build) throws StageFailure, InterruptedException {
        var spawned = build.fact(HostSpawned.class);
        var packages = new ArrayList<>(
                builders.of(build.fact(Inputs.class).definition().builder())
                        .packages(build.fact(HostConnected.class).os()));
        packages.addAll(
                handovers.of(spawned.host().kind(), build.parameters().cloud()).packages());
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            if (packages.isEmpty()) {
                build.log().line("no packages are needed");
                return new HostConfigured(Map.of());
            }
            hostPackages.install("configure", packages, connection, build);
            var tools = versions(packages, connection);
            tools.forEach((tool, version) -> build.log().line("%s %s", tool, version));
            return new HostConfigured(tools);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> versions(List<String> packages, Connection connection)
            throws StageFailure, InterruptedException {
        var argv = new ArrayList<>(List.of("dpkg-query", "-W", "-f", "${Package}\\t${Version}\\n", "--"));
        argv.addAll(packages);
        var tools = new TreeMap<String, String>();
        connection
                .read(new Command(argv, Map.of(), "/"), Duration.ofMinutes(1))
                .lines()
                .forEach(line -> {
                    var tab = line.indexOf('\t');
                    if (tab > 0) {
                        tools.put(line.substring(0, tab), line.substring(tab + 1));
                    }
                });
        return tools;
    }
}
