package org.ifaas.store.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** Lets an {@link IOException} pass through code that knows none. */
final class Streamed {
    private Streamed() {}

    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T io(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T call(Supplier<T> work) throws IOException {
        try {
            return work.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
