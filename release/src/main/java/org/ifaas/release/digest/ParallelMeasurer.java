package org.ifaas.release.digest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.signing.Measurer;
import org.jspecify.annotations.Nullable;

/** MD5, SHA-256 and SHA-512 in one read, each on a thread of its own. */
public final class ParallelMeasurer implements Measurer {
    @Override
    public Measured measure(Path file) throws IOException {
        return AllDigests.of(file).measured();
    }

    @Override
    public Measuring into(OutputStream to) {
        return new Through(to);
    }

    private static final class Through extends Measuring {
        private final OutputStream to;
        private final AllDigests digests = new AllDigests();
        private @Nullable Measured measured;
        private boolean failed;
        private boolean closed;

        Through(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, bytes.length);
            var written = false;
            try {
                to.write(bytes, from, length);
                digests.update(bytes, from, length);
                written = true;
            } finally {
                failed |= !written;
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (to;
                    digests) {
                if (!failed) {
                    digests.finish();
                }
            }
            if (!failed) {
                measured = digests.measured();
            }
        }

        @Override
        public Measured measured() {
            if (measured == null) {
                throw new IllegalStateException("nothing is measured before the content was written whole and closed");
            }
            return measured;
        }
    }
}
