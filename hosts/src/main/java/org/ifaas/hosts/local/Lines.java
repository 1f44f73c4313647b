package org.ifaas.hosts.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of what a program prints, in bounded memory: a line longer than the limit is cut and says by how much, what
 * is not UTF-8 is replaced. A line feed ends a line. What a carriage return alone ends is a state of a progress bar, which the
 * next one overwrites: it ends with that carriage return. For one thread.
 */
public final class Lines {
    private final int limit;
    private final Consumer<String> to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private long beyond;
    private long returns;

    /** @param limit bytes a line may have */
    public Lines(int limit, Consumer<String> to) {
        this.limit = limit;
        this.to = to;
    }

    /** Without what was overwritten. */
    public static Lines last(int limit, Consumer<String> to) {
        return new Lines(limit, line -> {
            if (!line.endsWith("\r")) {
                to.accept(line);
            }
        });
    }

    public void add(byte[] bytes, int from, int length) {
        int start = from;
        int end = from + length;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                keep(bytes, start, i - start);
                start = i + 1;
                emit("");
            } else if (b == '\r') {
                keep(bytes, start, i - start);
                start = i + 1;
                returns++;
            } else if (returns > 0) {
                overwrite();
            }
        }
        keep(bytes, start, end - start);
    }

    /** Of what was added last, so many bytes are in no line yet. */
    public long held() {
        return line.size() + beyond + returns;
    }

    /** Hands over a last line that did not end. */
    public void end() {
        if (line.size() > 0) {
            emit("");
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

    private void overwrite() {
        if (line.size() > 0) {
            emit("\r");
        }
        returns = 0;
    }

    private void emit(String end) {
        var text = line.toString(StandardCharsets.UTF_8);
        if (beyond > 0) {
            text += " … [" + beyond + " more bytes in this line were cut]";
        }
        line.reset();
        beyond = 0;
        returns = 0;
        to.accept(end.isEmpty() ? text : text + end);
    }
}
