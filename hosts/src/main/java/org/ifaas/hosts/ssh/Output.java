package org.ifaas.hosts.ssh;

import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Lines;

/** The output of one run of a command on its way into a stage's log. For one thread. */
final class Output {
    private final String run;
    private final StageLog log;
    private final Lines lines;
    private final List<String> whole = new ArrayList<>();
    private long offset;

    /** Goes on where the log's lines of that run end. */
    Output(String run, StageLog log, int lineLimit) {
        this.run = run;
        this.log = log;
        this.lines = new Lines(lineLimit, whole::add);
        this.offset = log.reached(run);
    }

    /** From where to read on. */
    long offset() {
        return offset;
    }

    void add(byte[] bytes, int length) {
        lines.add(bytes, 0, length);
        offset += length;
        handOver();
    }

    /** There comes no more: a line that did not end is one all the same. */
    void end() {
        lines.end();
        handOver();
    }

    private void handOver() {
        if (!whole.isEmpty()) {
            log.lines(List.copyOf(whole), run, offset - lines.held());
            whole.clear();
        }
    }
}
