package org.ifaas.release.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.ifaas.factory.image.ImageFiles;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Reads the header as QEMU's docs/interop/qcow2 describes it, and refuses all that a finished image doesn't need. */
public final class Qcow2Files implements ImageFiles {
    /** The header and its extensions lie in the first cluster; none of an honest image needs more than this of it. */
    private static final int MOST_HEADER = 64 * 1024;

    @Override
    public long checkQcow2(Path file, long mostVirtualBytes) throws StageFailure {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(file, "is no plain file");
            }
            try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                var start = ByteBuffer.allocate(MOST_HEADER);
                while (start.hasRemaining() && channel.read(start) >= 0) {}
                var header = new Qcow2Header(start.flip(), channel.size());
                header.check();
                if (Long.compareUnsigned(header.virtualBytes(), mostVirtualBytes) > 0) {
                    throw new NotAllowed("claims a virtual size of %s bytes; at most %d are allowed"
                            .formatted(Long.toUnsignedString(header.virtualBytes()), mostVirtualBytes));
                }
                new Qcow2Tables(channel, header).check();
                return header.virtualBytes();
            }
        } catch (NotAllowed notAllowed) {
            throw refused(file, notAllowed.getMessage());
        } catch (IOException failed) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "image %s can't be read: %s".formatted(file, failed),
                    "check the artifact store's disk",
                    failed);
        }
    }

    private static StageFailure refused(Path file, String why) {
        return new StageFailure(
                Blame.IMAGE,
                "image %s %s".formatted(file.getFileName(), why),
                "make the builder write one plain qcow2 file, as qemu-img convert -O qcow2 does");
    }
}
