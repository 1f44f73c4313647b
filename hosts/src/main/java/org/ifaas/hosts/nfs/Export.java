package org.ifaas.hosts.nfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.local.Program;

/**
 * One host's folder below the exported one. Beside it lies a note that is written first and removed last: who is let in, and a
 * word that is new when the folder is.
 */
final class Export {
    static final String NOTE = ".hand-over";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String FILE = "image";

    private final NfsPolicy policy;
    private final Path folder;
    private final Path note;

    Export(NfsPolicy policy, String host) {
        this.policy = policy;
        this.folder = policy.folder().resolve(host);
        this.note = policy.folder().resolve(host + NOTE);
    }

    Path folder() {
        return folder;
    }

    /** @return the word of this folder, the same after a restart */
    String make(String client) throws StageFailure, InterruptedException {
        try {
            var made = note();
            if (made.isPresent() && !made.get().getFirst().equals(client)) {
                remove();
                made = Optional.empty();
            }
            if (made.isEmpty()) {
                var word = UUID.randomUUID().toString().substring(0, 8);
                var part = note.resolveSibling(note.getFileName() + "-part");
                Files.writeString(part, client + "\n" + word + "\n");
                Files.move(part, note, StandardCopyOption.ATOMIC_MOVE);
            }
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return note().orElseThrow().getLast();
        } catch (IOException e) {
            throw failure("make " + folder, e);
        }
    }

    private Optional<List<String>> note() throws IOException {
        try {
            return Optional.of(Files.readAllLines(note));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    void open(String client) throws StageFailure, InterruptedException {
        run("handover.nfs.export", policy.export(), client);
    }

    /** Nobody reaches the folder any more. */
    void close(String client) throws StageFailure, InterruptedException {
        run("handover.nfs.unexport", policy.unexport(), client);
    }

    private void run(String setting, List<String> template, String client) throws StageFailure, InterruptedException {
        try {
            var uid = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            var gid = Files.getAttribute(folder, "unix:gid", LinkOption.NOFOLLOW_LINKS);
            var argv = template.stream()
                    .map(word -> word.replace("{folder}", folder.toString())
                            .replace("{client}", client)
                            .replace("{uid}", uid.toString())
                            .replace("{gid}", gid.toString()))
                    .toList();
            var result = Program.of(argv).limit(LIMIT).run();
            if (!result.ok()) {
                throw new IOException(String.join(" ", argv) + " exited with " + result.exit() + ": "
                        + result.output().strip());
            }
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    setting + " failed: " + e.getMessage(),
                    "Run it by hand as the factory's account and mend what it says; docs/operate/hand-over.md has examples.",
                    e);
        }
    }

    /** A regular file of that size, once nobody reaches the folder. */
    boolean has(long bytes) throws StageFailure {
        try {
            var found =
                    Files.readAttributes(folder.resolve(FILE), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile() && found.size() == bytes;
        } catch (NoSuchFileException none) {
            return false;
        } catch (IOException e) {
            throw failure("look into " + folder, e);
        }
    }

    /** Follows no link. */
    InputStream read() throws StageFailure {
        try {
            return Channels.newInputStream(Files.newByteChannel(
                    folder.resolve(FILE), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
            throw failure("read " + folder.resolve(FILE), e);
        }
    }

    /** Whatever the host has made there, however deep. */
    void remove() throws StageFailure, InterruptedException {
        try {
            var made = note();
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                if (made.isPresent()) {
                    close(made.get().getFirst());
                }
                // A host may have taken the right to look into what it made.
                Program.of("chmod", "-R", "u+rwX", "--", folder.toString())
                        .limit(LIMIT)
                        .run();
                Program.of("rm", "-rf", "--one-file-system", "--", folder.toString())
                        .limit(LIMIT)
                        .check();
            }
            Files.deleteIfExists(note);
        } catch (IOException e) {
            throw failure("remove " + folder, e);
        }
    }

    StageFailure failure(String what, IOException e) {
        return new StageFailure(
                Blame.FACTORY,
                "handover.nfs.folder: can't " + what + ": " + e.getMessage(),
                "See to space and rights in " + policy.folder() + "; 'ifaas doctor' tries it.",
                e);
    }
}
