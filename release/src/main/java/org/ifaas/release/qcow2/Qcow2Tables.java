package org.ifaas.release.qcow2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Looks at where the tables say that data lies: of a file that was cut off while it was copied, qemu reads the rest as
 * zeros without a word. To be used after the header was checked.
 */
final class Qcow2Tables {
    private static final long OFFSET = 0x00fffffffffffe00L;
    private static final long COMPRESSED = 1L << 62;

    private final FileChannel file;
    private final Qcow2Header header;
    private final long fileBytes;

    Qcow2Tables(FileChannel file, Qcow2Header header) throws IOException {
        this.file = file;
        this.header = header;
        this.fileBytes = file.size();
    }

    /** Reads no more tables than the virtual size needs, which the caller has limited. */
    void check() throws IOException, NotAllowed {
        var l1 = read(header.l1Offset(), 8 * header.l1Needed());
        for (var i = 0; i < header.l1Needed(); i++) {
            var l2 = l1.getLong(8 * i) & OFFSET;
            if (l2 != 0) {
                within(l2);
                checkL2(read(l2, header.clusterBytes()));
            }
        }
    }

    private void checkL2(ByteBuffer table) throws NotAllowed {
        for (var at = 0; at + 8 <= table.limit(); at += header.l2EntryBytes()) {
            var entry = table.getLong(at);
            var compressed = (entry & COMPRESSED) != 0;
            within(compressed ? entry & header.compressedOffsetMask() : entry & OFFSET);
        }
    }

    private void within(long offset) throws NotAllowed {
        if (offset >= fileBytes) {
            throw new NotAllowed("is cut off: it has data at %d, and %d bytes".formatted(offset, fileBytes));
        }
    }

    /** Zeros behind the end: the last cluster of a file need not be whole. */
    private ByteBuffer read(long at, long bytes) throws IOException {
        var buffer = ByteBuffer.allocate(Math.toIntExact(bytes));
        while (buffer.hasRemaining() && file.read(buffer, at + buffer.position()) >= 0) {}
        return buffer.rewind();
    }
}
