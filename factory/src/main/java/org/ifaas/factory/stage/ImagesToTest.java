package org.ifaas.factory.stage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * The folder on the factory's machine whose files may be tested; no other file of that machine may.
 *
 * @param folder absolute
 */
public record ImagesToTest(Path folder) {
    public static final String MEND =
            "Copy the image into that folder, which tests.folder in ifaas.yaml names, and say its name there.";

    /**
     * Opens a file below the folder.
     *
     * @param name relative to the folder, or absolute and below it
     * @throws StageFailure blaming the REQUEST when there is no such plain file there
     */
    InputStream open(String name) throws StageFailure {
        try {
            var file = plainFile(name);
            if (file.isPresent()) {
                return Files.newInputStream(file.get(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException | InvalidPathException e) {
            throw refused(name, unreadable(), e);
        }
        throw refused(name, notThere(), null);
    }

    /** Why that file can't be tested, to be read after its name; empty when it can. */
    public Optional<String> wrongWith(String name) {
        try {
            return plainFile(name).isPresent() ? Optional.empty() : Optional.of(notThere());
        } catch (IOException | InvalidPathException e) {
            return Optional.of(unreadable());
        }
    }

    /** Without links on its way: what was looked at is what is opened. */
    private Optional<Path> plainFile(String name) throws IOException {
        var root = folder.toRealPath();
        var file = folder.resolve(name).toRealPath();
        return file.startsWith(root) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(file)
                : Optional.empty();
    }

    private String notThere() {
        return "is no plain file below " + folder;
    }

    private String unreadable() {
        return "can't be read below " + folder;
    }

    private static StageFailure refused(String name, String why, @Nullable Exception cause) {
        return new StageFailure(Blame.REQUEST, "file: " + name + " " + why, MEND, cause);
    }
}
