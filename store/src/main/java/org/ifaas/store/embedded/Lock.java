package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ifaas.store.sql.StoreFailure;

/** Held while a factory uses a home: two never share one. The kernel lets go of it when the process dies, however it does. */
record Lock(FileChannel file) implements AutoCloseable {
    static Lock take(Path path) throws IOException {
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                file.truncate(0);
                file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                return new Lock(file);
            }
        } catch (OverlappingFileLockException e) {
            // This very process has it: told as if it were another.
        }
        file.close();
        throw new StoreFailure(
                "database",
                path.toString(),
                "another factory (process " + Files.readString(path).strip() + ") uses it",
                "Speak to that factory, stop it, or give this one a home of its own.");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
