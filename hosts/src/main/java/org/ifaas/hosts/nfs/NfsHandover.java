package org.ifaas.hosts.nfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.OnHost;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * The host mounts a folder of its own and copies the file into it. Before the factory copies it, nobody is let in any more;
 * what is there then may be anything, and only a regular file is read.
 */
public final class NfsHandover implements Handover {
    public static final String NAME = "nfs";

    private static final String SCRIPT = "/var/tmp/ifaas-handover/copy-to-export.sh";
    private static final int MOST_TRIES = 3;
    private static final int BUFFER = 1 << 20;

    private final NfsPolicy policy;

    public NfsHandover(NfsPolicy policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> packages() {
        return List.of("nfs-common");
    }

    @Override
    public void take(BuiltFile file, OutputStream to, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        long bytes = OnHost.bytes(file);
        var export = new Export(policy, file.host().name());
        var client = file.host().address();
        var word = export.make(client);
        for (int tried = 0; tried < MOST_TRIES; tried++) {
            log.line("the host copies %d bytes to %s:%s", bytes, policy.server(), export.folder());
            int exit = give(file, export, client, "hand-over-" + word + "-" + tried, log);
            if (exit == 0 && export.has(bytes)) {
                copy(file, export, to);
                return;
            }
            log.line("the copying ended with exit code %d", exit);
        }
        throw new StageFailure(
                Blame.HOST,
                "host " + file.host().name() + " can't copy the image to the export " + policy.server() + ":"
                        + export.folder() + ": the log says why",
                "See that build hosts reach that server, and that it has space. Then retry.");
    }

    private int give(BuiltFile file, Export export, String client, String id, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var connection = file.connection();
        try (var script = Objects.requireNonNull(NfsHandover.class.getResourceAsStream("copy-to-export.sh"))) {
            connection.upload(script, SCRIPT, 0700);
        }
        var command =
                Command.of(SCRIPT, policy.server() + ":" + export.folder(), String.valueOf(policy.port()), file.path());
        export.open(client);
        int exit = connection.follow(id, command, log, file.limit());
        export.close(client);
        return exit;
    }

    private void copy(BuiltFile file, Export export, OutputStream to) throws StageFailure, IOException {
        long copied = 0;
        try (var from = export.read()) {
            var buffer = new byte[BUFFER];
            for (int n = some(export, from, buffer); n >= 0; n = some(export, from, buffer)) {
                copied += n;
                if (copied > file.most()) {
                    throw OnHost.tooLarge(file, copied);
                }
                to.write(buffer, 0, n);
            }
        }
    }

    /** Reading fails for the export's sake, writing for ours: they must not be taken for each other. */
    private static int some(Export export, InputStream from, byte[] buffer) throws StageFailure {
        try {
            return from.read(buffer);
        } catch (IOException e) {
            throw export.failure("read " + export.folder(), e);
        }
    }

    @Override
    public List<String> list() throws StageFailure {
        var hosts = new TreeSet<String>();
        try (var entries = Files.newDirectoryStream(policy.folder())) {
            for (var entry : entries) {
                hosts.add(name(entry));
            }
        } catch (IOException e) {
            throw new Export(policy, "").failure("list " + policy.folder(), e);
        }
        return List.copyOf(hosts);
    }

    private static String name(Path entry) {
        var name = entry.getFileName().toString();
        int note = name.indexOf(Export.NOTE);
        return note < 0 ? name : name.substring(0, note);
    }

    @Override
    public void remove(String host) throws StageFailure, InterruptedException {
        new Export(policy, host).remove();
    }

    /** A folder is made, let in to and removed again; whether hosts reach the server, they will tell. */
    @Override
    public Availability availability() {
        var probe = new Export(policy, "probe-" + UUID.randomUUID());
        try {
            try {
                probe.make("127.0.0.1");
                probe.open("127.0.0.1");
            } finally {
                probe.remove();
            }
            long free = Files.getFileStore(policy.folder()).getUsableSpace();
            return new Availability(
                    true, policy.server() + ":" + policy.folder() + ", " + (free >> 20) + " MiB free", "");
        } catch (StageFailure e) {
            return new Availability(false, String.valueOf(e.getMessage()), e.mend());
        } catch (IOException e) {
            return new Availability(
                    false, policy.folder() + " can't be read: " + e.getMessage(), "Check its owner and its mount.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Availability(false, "not checked: the factory stops", "Ask again.");
        }
    }
}
