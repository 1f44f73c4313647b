package org.ifaas.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.FullDisk;

/** Finds out whether a folder can be written to, and leaves nothing there. */
final class Probe {
    private Probe() {}

    interface Free {
        long bytes() throws IOException;
    }

    /** @param folder for temporary files, below the root */
    static Availability of(Path root, Path folder, Free free) {
        var probe = folder.resolve("probe-" + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            try {
                Files.write(probe, new byte[1]);
            } finally {
                Files.deleteIfExists(probe);
            }
            long bytes = free.bytes();
            return bytes > 0 ? new Availability(true, root + ", " + (bytes >> 20) + " MiB free", "") : full(root);
        } catch (IOException e) {
            return FullDisk.isBehind(e)
                    ? full(root)
                    : new Availability(
                            false,
                            root + " can't be written: " + e.getMessage(),
                            "Check its owner, its mount and its space.");
        }
    }

    private static Availability full(Path root) {
        return new Availability(false, root + " is full", "Make space there.");
    }
}
