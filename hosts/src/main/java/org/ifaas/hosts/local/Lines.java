package org.ifaas.hosts.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of what a program prints, in bounded memory: a line longer than the limit is cut and says by how much, what
 * is not UTF-8 is replaced. Line feeds and carriage returns end a line. For one thread.
 */
public final class Lines {
    private final int limit;
    private final Consumer<String> to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long beyond;
    private boolean afterReturn;

    /** @param limit bytes a line may have */
    public Lines(int limit, Consumer<String> to) {
        this.limit = limit;
        this.to = to;
    }

    public void add(byte[] bytes, int from, int length) {
        int start = from;
        for (int i = from; i < from + length; i++) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                keep(bytes, start, i - start);
                start = i + 1;
                if (b == '\r' || !afterReturn || line.size() > 0) {
                    emit();
                }
            }
            afterReturn = b == '\r';
        }
        keep(bytes, start, from + length - start);
    }

    /** Hands over a last line that did not end. */
    public void end() {
        if (line.size() > 0) {
            emit();
        }
    }

    /** All that comes from a stream, to its end. */
    public void addAll(InputStream from) throws IOException {
        var buffer = new byte[16 * 1024];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            add(buffer, 0, n);
        }
        end();
    }

    private void keep(byte[] bytes, int from, int length) {
        int fits = Math.min(length, limit - line.size());
        line.write(bytes, from, fits);
        beyond += length - fits;
    }

    private void emit() {
        var text = line.toString(StandardCharsets.UTF_8);
        if (beyond > 0) {
            text += " … [" + beyond + " more bytes in this line were cut]";
        }
        line.reset();
        beyond = 0;
        to.accept(text);
    }
}
