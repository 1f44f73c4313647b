package org.ifaas.store.log;

import java.time.Duration;

/**
 * How much is kept of what stages write.
 *
 * @param lineBytes longer lines are cut
 * @param stageBytes what comes after so many bytes of one stage's log is dropped
 * @param flushEvery how long a line may wait before it is written
 */
public record LogPolicy(int lineBytes, long stageBytes, Duration flushEvery) {
    /** When so many bytes wait they are written, in one row. */
    public static final int CHUNK = 256 * 1024;

    /** The most that {@code lineBytes} may be. */
    public static final int MOST_LINE = 32 * 1024;

    public LogPolicy {
        if (lineBytes < 80 || lineBytes > MOST_LINE) {
            throw new IllegalArgumentException("lineBytes " + lineBytes + ": 80 to " + MOST_LINE);
        }
    }

    public static LogPolicy defaults() {
        return new LogPolicy(16 * 1024, 64L * 1024 * 1024, Duration.ofMillis(200));
    }
}
