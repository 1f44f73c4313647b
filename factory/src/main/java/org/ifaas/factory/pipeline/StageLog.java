package org.ifaas.factory.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Where a stage writes for people, one line at a time. Safe for use by several threads. */
@FunctionalInterface
public interface StageLog {
    /**
     * Lines longer than the configured limit are cut, control characters removed but for colours, invalid text replaced. One that
     * ends with a carriage return is overwritten by the next.
     */
    void line(String text);

    default void line(String format, Object... arguments) {
        line(String.format(Locale.ROOT, format, arguments));
    }

    /**
     * Lines of something that is read on after a crash, and how far it was read with them. Both are kept or neither, so that none
     * is lost and none comes twice.
     *
     * @param source its name, unlike all others of this stage
     * @param reached where to read on
     */
    default void lines(List<String> lines, String source, long reached) {
        lines.forEach(this::line);
    }

    /** How far the lines that this log has of it reach; 0 when it has none. */
    default long reached(String source) {
        return 0;
    }

    /** The same log; what is written through the answer is heard as well. */
    default StageLog heardBy(Consumer<String> ear) {
        return new HeardLog(this, ear);
    }
}
