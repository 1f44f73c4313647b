package org.ifaas.factory.suite;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one script has found.
 *
 * @param figures what it has measured, name to value; never a reason to fail
 * @param tap all it has printed
 */
public record ScriptResult(
        String name, List<TestCase> cases, Map<String, Double> figures, String tap, Instant started, Duration took) {
    public ScriptResult {
        cases = List.copyOf(cases);
        figures = Map.copyOf(figures);
    }

    int count(Class<? extends Outcome> kind) {
        return (int) cases.stream().filter(test -> test.has(kind)).count();
    }
}
