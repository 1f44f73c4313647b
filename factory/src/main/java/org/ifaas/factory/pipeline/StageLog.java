package org.ifaas.factory.pipeline;

/** Where a stage writes for people, one line at a time. Safe for use by several threads. */
@FunctionalInterface
public interface StageLog {
    /** Lines longer than the configured limit are cut, control characters removed but for colours, invalid text replaced. */
    void line(String text);

    default void line(String format, Object... arguments) {
        line(String.format(java.util.Locale.ROOT, format, arguments));
    }
}
