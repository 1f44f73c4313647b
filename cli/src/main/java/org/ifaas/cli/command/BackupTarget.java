package org.ifaas.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/** A file that is there whole or as it was before. What goes wrong with it is told as its own, not as the factory's. */
final class BackupTarget extends OutputStream {
    private final Path file;
    private final Path folder;
    private final Path part;
    private final OutputStream to;

    BackupTarget(Path file) {
        this.file = file.toAbsolutePath().normalize();
        if (Files.isDirectory(this.file)) {
            throw new Stop(
                    ExitCode.USAGE,
                    this.file + " is a folder",
                    "Name a file in it, such as " + this.file.resolve("ifaas.backup") + ".");
        }
        folder = Objects.requireNonNull(this.file.getParent(), "only / has none, which is a folder");
        try {
            part = Files.createTempFile(
                    folder,
                    "." + this.file.getFileName(),
                    ".part",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            // Also when Ctrl-C ends the command.
            part.toFile().deleteOnExit();
            to = Files.newOutputStream(part);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        try {
            to.write(bytes, from, length);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /** Puts it in its place; its size. */
    long take() {
        try {
            to.close();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return Files.size(file);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /** Nothing half-written stays. */
    @Override
    public void close() {
        try {
            to.close();
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stop trouble(IOException e) {
        var why = switch (e) {
            case NoSuchFileException _ when !Files.isDirectory(folder) -> "there is no folder " + folder;
            case NoSuchFileException _ -> "nothing can be made in " + folder;
            case AccessDeniedException _ -> "this user may not write to " + folder;
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> String.valueOf(e.getMessage());
        };
        return new Stop(
                ExitCode.USAGE,
                "can't write " + file + ": " + why,
                "Name a file in a folder that is there, that this user may write to and that has room; " + file
                        + (Files.exists(file) ? " is as it was." : " was not made."));
    }
}
