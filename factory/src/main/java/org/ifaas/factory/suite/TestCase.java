package org.ifaas.factory.suite;

import java.util.List;

/**
 * One test point.
 *
 * @param details the diagnostics that came with it, a line each
 */
public record TestCase(String name, Outcome outcome, List<String> details) {
    public TestCase {
        details = List.copyOf(details);
    }

    public static TestCase passed(String name) {
        return new TestCase(name, new Outcome.Passed(), List.of());
    }

    public static TestCase failed(String name, String why) {
        return new TestCase(name, new Outcome.Failed(why), List.of());
    }

    public static TestCase skipped(String name, String reason) {
        return new TestCase(name, new Outcome.Skipped(reason), List.of());
    }

    boolean has(Class<? extends Outcome> kind) {
        return kind.isInstance(outcome);
    }
}
