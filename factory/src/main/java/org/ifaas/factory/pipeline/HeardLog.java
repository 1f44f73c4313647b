package org.ifaas.factory.pipeline;

import java.util.List;
import java.util.function.Consumer;

/** A log of which somebody hears each line that is written. */
record HeardLog(StageLog log, Consumer<String> ear) implements StageLog {
    @Override
    public void line(String text) {
        log.line(text);
        ear.accept(text);
    }

    @Override
    public void lines(List<String> lines, String source, long reached) {
        log.lines(lines, source, reached);
        lines.forEach(ear);
    }

    @Override
    public long reached(String source) {
        return log.reached(source);
    }
}
