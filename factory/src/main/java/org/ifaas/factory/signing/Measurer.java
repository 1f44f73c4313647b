package org.ifaas.factory.signing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.ifaas.factory.image.Measured;

/** Takes all digests of a content in one read, in parallel. */
public interface Measurer {
    Measured measure(Path file) throws IOException;

    /** Measures what is written through it, on its way to {@code to}. */
    Measuring into(OutputStream to);

    /** Copies and measures. */
    default Measured copy(InputStream from, OutputStream to) throws IOException {
        try (var measuring = into(to)) {
            from.transferTo(measuring);
            measuring.close();
            return measuring.measured();
        }
    }

    /** A stream that measures. */
    abstract class Measuring extends OutputStream {
        /** After closing. */
        public abstract Measured measured();
    }
}
