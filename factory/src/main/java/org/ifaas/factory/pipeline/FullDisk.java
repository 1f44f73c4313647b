package org.ifaas.factory.pipeline;

import org.jspecify.annotations.Nullable;

/** How a full disk shows. */
public final class FullDisk {
    private FullDisk() {}

    /** Whether it is why something failed. */
    public static boolean isBehind(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            var said = String.valueOf(cause.getMessage());
            if (isToldBy(said)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a program says so. */
    public static boolean isToldBy(String line) {
        return line.contains("No space left on device") || line.contains("Disk quota exceeded");
    }
}
