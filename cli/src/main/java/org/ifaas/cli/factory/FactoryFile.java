package org.ifaas.cli.factory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/**
 * {@code HOME/run/factory.json}: written by a factory when it is ready, removed when it stops. After a crash it stays.
 *
 * @param pid the process that wrote it
 */
record FactoryFile(String url, String token, long pid, String version) {
    static Path path(Path home) {
        return home.resolve("run/factory.json");
    }

    static Optional<FactoryFile> read(Path home) {
        var path = path(home);
        try {
            return Optional.of(Json.read(Files.readString(path), FactoryFile.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Stop(
                    ExitCode.UNREACHABLE,
                    "can't read " + path + ": " + e.getMessage(),
                    "The factory of this home belongs to another user: run the command as that user, or choose another home"
                            + " with --home.");
        } catch (RuntimeException e) {
            throw new Stop(
                    ExitCode.UNREACHABLE,
                    path + " can't be understood",
                    "Remove it, then try again; the factory writes it anew.");
        }
    }

    /** Of a factory that may run. */
    static Optional<FactoryFile> ofLiving(Path home) {
        return read(home).filter(FactoryFile::alive);
    }

    boolean alive() {
        return ProcessHandle.of(pid).isPresent();
    }
}
