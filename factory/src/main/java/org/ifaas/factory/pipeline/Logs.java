package org.ifaas.factory.pipeline;

import java.io.IOException;
import java.time.Duration;

/**
 * The logs of all stages. While a stage runs, any node can follow its log; when the stage has ended, its log is compacted
 * into the artifact store and reads the same.
 */
public interface Logs {
    /** Opens the log of a stage for appending; what an earlier run of the same attempt wrote stays. */
    Writer open(BuildId build, int attempt, StageName stage);

    /**
     * Reads on from a byte offset; waits up to {@code wait} for something to come when there is nothing yet and the log is
     * still open. A part that does not reach the end ends with a line, unless it is less than one.
     */
    Chunk read(BuildId build, int attempt, StageName stage, long offset, Duration wait) throws InterruptedException;

    /** Compacts logs that a crash left open; called when a build has ended. */
    void closeAll(BuildId build);

    /** What the logs of all attempts of a build take, compacted or not. */
    Room size(BuildId build);

    /** Removes all logs of a build that has ended; no effect when there are none. */
    void remove(BuildId build) throws IOException;

    record Room(int files, long bytes) {}

    interface Writer extends StageLog, AutoCloseable {
        /** Flushes and compacts. */
        @Override
        void close();
    }

    /**
     * @param text UTF-8 text from the offset on, with colours as {@link org.ifaas.factory.text.Coloured} has them
     * @param next offset to read on from, in bytes
     * @param open whether more may come
     */
    record Chunk(String text, long next, boolean open) {}
}
