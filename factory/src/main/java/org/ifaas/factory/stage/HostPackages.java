package org.ifaas.factory.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.Mirrors;

/** Installs packages on a build host, from the configured mirrors. */
public final class HostPackages {
    private static final String SCRIPT = HostFolders.WORK + "/install-packages.sh";
    private static final String SOURCES = HostFolders.WORK + "/sources.list";
    private static final int MIRROR_FAILED = 75;

    private final Mirrors mirrors;
    private final HostPolicy policy;

    public HostPackages(Mirrors mirrors, HostPolicy policy) {
        this.mirrors = mirrors;
        this.policy = policy;
    }

    /**
     * Fetches nothing when all of them are there already.
     *
     * @param purpose names the command on the host, once an attempt
     */
    void install(String purpose, List<String> packages, Connection connection, StageContext build)
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
        int code = connection.follow(purpose + "-" + build.build().attempt(), command, build.log(), build.limit());
        if (code == MIRROR_FAILED) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "the package mirror did not deliver what the build host needs",
                    "Check mirrors in the configuration with 'ifaas doctor'; the log names what is missing.");
        }
        if (code != 0) {
            throw HostAnswers.failed("installing packages", code);
        }
    }
}
