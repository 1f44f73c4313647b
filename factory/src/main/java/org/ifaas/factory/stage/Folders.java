package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Removing folders of the factory's own, without following links. */
final class Folders {
    private Folders() {}

    static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (var inside = Files.newDirectoryStream(path)) {
                for (var child : inside) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** For what a later clean-up would remove as well. */
    static void deleteQuietly(Path path) {
        try {
            delete(path);
        } catch (IOException e) {
            LoggerFactory.getLogger(Folders.class).warn("{} can't be removed now: {}", path, e.toString());
        }
    }
}
