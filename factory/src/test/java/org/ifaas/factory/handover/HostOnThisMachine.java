package org.ifaas.factory.handover;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.suite.LocalConnection;

/** A host that is this machine, but for a {@code /var/tmp} of its own; it carries commands to their ends. */
public final class HostOnThisMachine extends LocalConnection {
    private final Path tmp;
    private final Map<String, Integer> ended = new ConcurrentHashMap<>();

    /** @param tmp what commands find as {@code /var/tmp} */
    public HostOnThisMachine(Path tmp) {
        this.tmp = tmp;
    }

    public static BuildHost host() {
        return new BuildHost(
                HostKind.NOVA, "ifaas-abc123-k3f9x2ma-h1", "127.0.0.1", 22, "root", null, "here", Instant.EPOCH);
    }

    @Override
    public int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
        return super.run(within(command), log, limit);
    }

    @Override
    public String read(Command command, Duration limit) throws StageFailure, InterruptedException {
        return super.read(within(command), limit);
    }

    @Override
    public int follow(String id, Command command, StageLog log, Duration limit) {
        return ended.computeIfAbsent(id, _ -> {
            try {
                return run(command, log, limit);
            } catch (StageFailure | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Command within(Command command) {
        var argv = new ArrayList<>(List.of("unshare", "--mount"));
        if (!System.getProperty("user.name").equals("root")) {
            argv.addAll(List.of("--user", "--map-root-user"));
        }
        argv.addAll(List.of("sh", "-ec", "mount --bind \"$1\" /var/tmp; shift; exec \"$@\"", "sh", tmp.toString()));
        argv.addAll(command.argv());
        return new Command(argv, command.environment(), command.directory());
    }

    @Override
    public void upload(InputStream content, String path, int mode) {
        var here = tmp.resolve(Path.of("/var/tmp").relativize(Path.of(path)));
        try {
            Files.createDirectories(here.getParent());
            Files.copy(content, here, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(
                    here, PosixFilePermissions.fromString((mode & 0100) == 0 ? "rw-------" : "rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
