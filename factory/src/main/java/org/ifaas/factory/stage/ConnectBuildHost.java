package org.ifaas.factory.stage;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;

/** Stage 3: waits until the build host answers over SSH with the key that was pinned, and asks what it is. */
public final class ConnectBuildHost implements Stage<HostConnected> {
    private static final Duration SHORT = Duration.ofMinutes(2);

    private final Remote remote;
    private final HostPolicy policy;

    public ConnectBuildHost(Remote remote, HostPolicy policy) {
        this.remote = remote;
        this.policy = policy;
    }

    @Override
    public StageName name() {
        return StageName.CONNECT_BUILD_HOST;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(HostSpawned.class);
    }

    @Override
    public Class<HostConnected> makes() {
        return HostConnected.class;
    }

    @Override
    public HostConnected run(StageContext build) throws StageFailure, InterruptedException {
        var spawned = build.fact(HostSpawned.class);
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), policy.sshPatience())) {
            build.log().line("connected: %s", connection.commandLine());
            var release = values(connection.read(Command.of("cat", "/etc/os-release"), SHORT));
            var kernel = connection.read(Command.of("uname", "-r"), SHORT).strip();
            var cpus =
                    Integer.parseInt(connection.read(Command.of("nproc"), SHORT).strip());
            var memory =
                    connection.read(Command.of("awk", "/^MemTotal/ {print int($2 / 1024)}", "/proc/meminfo"), SHORT);
            var disk = connection.read(Command.of("df", "--output=avail", "-BM", "/var/tmp"), SHORT);
            var os = release.getOrDefault("ID", "linux") + "-" + release.getOrDefault("VERSION_ID", "?");
            var connected = new HostConnected(os, kernel, cpus, Long.parseLong(memory.strip()), lastNumber(disk));
            build.log()
                    .line(
                            "%s, Linux %s, %d CPUs, %d MiB of memory, %d MiB of free disk",
                            os, kernel, cpus, connected.memoryMiB(), connected.freeDiskMiB());
            return connected;
        } catch (NumberFormatException e) {
            throw HostAnswers.nonsense("its description", e);
        }
    }

    private static long lastNumber(String text) {
        return Long.parseLong(text.strip().replaceAll("(?s).*\\s", "").replace("M", ""));
    }

    private static Map<String, String> values(String osRelease) {
        return osRelease
                .lines()
                .filter(line -> line.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1).replace("\"", ""),
                        (first, second) -> second));
    }
}
