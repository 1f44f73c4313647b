package org.ifaas.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.artifact.ArtifactStore.Creation;
import org.ifaas.factory.pipeline.FullDisk;

/** A file that is written under another name and gets its own when it is whole and durable. */
final class DirectoryCreation extends Creation {
    private enum State {
        OPEN,
        ABANDONED,
        CLOSED
    }

    private final String key;
    private final Path temporary;
    private final Path target;
    private final WritableFile file;
    private State state = State.OPEN;
    private long written;

    DirectoryCreation(String key, Path temporary, Path target, WritableFile.Opener opener) throws IOException {
        this.key = key;
        this.temporary = temporary;
        this.target = target;
        try {
            this.file = opener.open(temporary);
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (state != State.OPEN) {
            throw new IOException("the artifact store takes no more of " + key + ": it was abandoned or closed");
        }
        try {
            file.write(ByteBuffer.wrap(bytes, offset, length));
            written += length;
        } catch (IOException e) {
            abandon();
            throw explained(e);
        }
    }

    @Override
    public void abandon() {
        if (state == State.OPEN) {
            state = State.ABANDONED;
            try (file) {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // a leftover, removed later
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (state != State.OPEN) {
            return;
        }
        try {
            file.force();
            file.close();
            Durable.folder(Durable.parent(target));
            Durable.move(temporary, target);
            state = State.CLOSED;
        } catch (IOException e) {
            abandon();
            throw explained(e);
        }
    }

    private IOException explained(IOException e) {
        return FullDisk.isBehind(e)
                ? new IOException(
                        "the artifact store is full: " + key + " did not fit, " + written + " bytes of it were written."
                                + " Make space in the file system of " + target.getParent(),
                        e)
                : new IOException("the artifact store can't write " + key + ": " + e.getMessage(), e);
    }
}
