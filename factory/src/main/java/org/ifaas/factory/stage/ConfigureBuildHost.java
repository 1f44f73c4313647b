package org.ifaas.factory.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.Mirrors;

/** Stage 5: installs the builder's packages on the build host and notes their versions. */
public final class ConfigureBuildHost implements Stage<HostConfigured> {
    private static final String SCRIPT = HostFolders.WORK + "/install-packages.sh";
    private static final String SOURCES = HostFolders.WORK + "/sources.list";
    private static final int MIRROR_FAILED = 75;

    private final Remote remote;
    private final Builders builders;
    private final Mirrors mirrors;
    private final HostPolicy policy;

    public ConfigureBuildHost(Remote remote, Builders builders, Mirrors mirrors, HostPolicy policy) {
        this.remote = remote;
        this.builders = builders;
        this.mirrors = mirrors;
        this.policy = policy;
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
        var packages = builders.of(build.fact(Inputs.class).definition().builder())
                .packages(build.fact(HostConnected.class).os());
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            if (packages.isEmpty()) {
                build.log().line("this builder needs no packages");
                return new HostConfigured(Map.of());
            }
            install(packages, connection, build);
            var tools = versions(packages, connection);
            tools.forEach((tool, version) -> build.log().line("%s %s", tool, version));
            return new HostConfigured(tools);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void install(List<String> packages, Connection connection, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var sources = mirrors.sources(policy.os().distro(), policy.os().codename()).stream()
                .map(AptSource::line)
                .collect(Collectors.joining("\n", "", "\n"));
        connection.upload(new ByteArrayInputStream(sources.getBytes(StandardCharsets.UTF_8)), SOURCES, 0644);
        try (var script = Scripts.open("05-configure-build-host/install-packages.sh")) {
            connection.upload(script, SCRIPT, 0755);
        }
        var argv = new ArrayList<>(List.of(SCRIPT, SOURCES));
        argv.addAll(packages);
        var command = new Command(argv, Map.of(), "/");
        int code = connection.follow("configure-" + build.build().attempt(), command, build.log(), build.limit());
        if (code == MIRROR_FAILED) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "the package mirror did not deliver what the build host needs",
                    "Check mirrors in the configuration with 'ifaas doctor'; the log names what is missing.");
        }
        if (code != 0) {
            throw HostAnswers.failed("installing the builder's packages", code);
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
