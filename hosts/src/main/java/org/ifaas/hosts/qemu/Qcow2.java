package org.ifaas.hosts.qemu;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** The header of a qcow2 file. A second look at what was checked when the image was built: QEMU would follow it. */
final class Qcow2 {
    private static final int MAGIC = 0x514649fb;
    private static final int HEADER = 80;
    private static final long EXTERNAL_DATA_FILE = 1L << 2;

    private Qcow2() {}

    /**
     * Virtual size in bytes.
     *
     * @throws StageFailure blaming the IMAGE when it is no qcow2 or refers to other files
     */
    static long virtualSize(Path file) throws StageFailure {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            var header = ByteBuffer.wrap(in.readNBytes(HEADER));
            if (header.limit() < HEADER || header.getInt(0) != MAGIC) {
                throw refused(file, "is not a qcow2 image");
            }
            if (header.getLong(8) != 0) {
                throw refused(file, "has a backing file");
            }
            if (header.getInt(4) >= 3 && (header.getLong(72) & EXTERNAL_DATA_FILE) != 0) {
                throw refused(file, "has an external data file");
            }
            return header.getLong(24);
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the registered image " + file + " can't be read: " + e.getMessage(),
                    "Look at the region's folder, then retry the build.",
                    e);
        }
    }

    private static StageFailure refused(Path file, String why) {
        return new StageFailure(
                Blame.IMAGE, "the image " + file + " " + why, "Build it as a qcow2 that stands on its own.");
    }
}
