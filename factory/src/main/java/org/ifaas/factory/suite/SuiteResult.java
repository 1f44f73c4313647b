package org.ifaas.factory.suite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.text.Visible;

/** What the scripts of a suite have found, in the order in which they ran. */
public record SuiteResult(List<ScriptResult> scripts) {
    public static final SuiteResult NONE = new SuiteResult(List.of());
    private static final int MOST_NAMED = 8;

    public SuiteResult {
        scripts = List.copyOf(scripts);
    }

    public SuiteResult and(SuiteResult more) {
        return new SuiteResult(
                Stream.concat(scripts.stream(), more.scripts.stream()).toList());
    }

    public int passed() {
        return count(Outcome.Passed.class);
    }

    public int failed() {
        return count(Outcome.Failed.class);
    }

    /** Skipped test points, and warnings. */
    public int skipped() {
        return count(Outcome.Skipped.class) + count(Outcome.Warned.class);
    }

    private int count(Class<? extends Outcome> kind) {
        return scripts.stream().mapToInt(script -> script.count(kind)).sum();
    }

    /** All that was measured; where two scripts measure the same, the first. */
    public Map<String, Double> figures() {
        var figures = new TreeMap<String, Double>();
        scripts.forEach(script -> script.figures().forEach(figures::putIfAbsent));
        return figures;
    }

    /** The test points that failed, {@code script: name}. */
    public List<String> failures() {
        var names = new ArrayList<String>();
        for (var script : scripts) {
            for (var test : script.cases()) {
                if (test.has(Outcome.Failed.class)) {
                    names.add(script.name() + ": " + test.name());
                }
            }
        }
        return names;
    }

    /**
     * @param where the results can be read
     * @throws StageFailure blaming the IMAGE when a test point has failed, or when there is none that passed
     */
    public void check(String where) throws StageFailure {
        var failures = failures();
        if (!failures.isEmpty()) {
            var named = failures.stream().limit(MOST_NAMED).collect(Collectors.joining("; "));
            throw new StageFailure(
                    Blame.IMAGE,
                    failures.size() + " of " + (passed() + failures.size()) + " tests failed: " + named
                            + (failures.size() > MOST_NAMED ? "; …" : ""),
                    "See what they found in " + where + ", mend the definition and build again.");
        }
        if (passed() == 0) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "no test ran",
                    "Give the definition tests of its own, or the baseline suite: see 'tests' in its image.yaml.");
        }
    }

    /** All that the scripts have printed, each under a comment with its name. */
    public void writeTap(OutputStream out) throws IOException {
        for (var script : scripts) {
            var text = "# " + Visible.line(script.name(), 200) + "\n" + script.tap();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write(text.endsWith("\n") ? new byte[] {'\n'} : new byte[] {'\n', '\n'});
        }
    }

    /** As JUnit's XML, with the figures among its properties. */
    public void writeJUnit(String name, Map<String, String> properties, OutputStream out) throws IOException {
        JUnitXml.write(this, name, properties, out);
    }
}
