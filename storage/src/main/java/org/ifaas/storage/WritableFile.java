package org.ifaas.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file that is written from its beginning to its end and made durable. */
interface WritableFile extends AutoCloseable {
    /** Writes all of it. */
    void write(ByteBuffer bytes) throws IOException;

    void force() throws IOException;

    @Override
    void close() throws IOException;

    interface Opener {
        WritableFile open(Path file) throws IOException;
    }

    static WritableFile open(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new WritableFile() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(true);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
