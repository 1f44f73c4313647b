package org.ifaas.hosts.local;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last lines of something, up to a number of characters. Safe for several threads. */
public final class Tail {
    private final int limit;
    private final Deque<String> lines = new ArrayDeque<>();
    private int size;

    public Tail(int limit) {
        this.limit = limit;
    }

    public synchronized void add(String line) {
        lines.add(line);
        size += line.length() + 1;
        while (size > limit && lines.size() > 1) {
            size -= lines.remove().length() + 1;
        }
    }

    public synchronized String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
