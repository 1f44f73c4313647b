package org.ifaas.factory.stage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * The folder on the factory's machine whose files may be tested; no other file of that machine may.
 *
 * @param folder absolute
 */
public record ImagesToTest(Path folder) {
    /**
     * Opens a file below the folder.
     *
     * @param name relative to the folder, or absolute and below it
     * @throws StageFailure blaming the REQUEST when there is no such plain file there
     */
    InputStream open(String name) throws StageFailure {
        try {
            var root = folder.toRealPath();
            var file = folder.resolve(name).toRealPath();
            if (file.startsWith(root) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
            }
            throw refused(name, "is no plain file below " + folder, null);
        } catch (IOException | InvalidPathException e) {
            throw refused(name, "can't be read below " + folder, e);
        }
    }

    private StageFailure refused(String name, String why, @Nullable Exception cause) {
        return new StageFailure(
                Blame.REQUEST,
                "file: " + name + " " + why,
                "Copy the image into that folder, which tests.folder in ifaas.yaml names, and say its name there.",
                cause);
    }
}
