package org.ifaas.factory.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a test script has printed, as TAP 13 or 14. The script may come from a hostile image: whatever it prints, the
 * result is bounded, and a stream without its plan, cut off or bailed out is a failure.
 */
public final class Tap {
    static final int MOST_CASES = 10_000;
    static final int MOST_DETAILS = 200;
    static final int MOST_FIGURES = 200;
    static final int LINE_LIMIT = 2_000;
    static final String WHOLE = "the script ran to its end";

    private static final Pattern POINT = Pattern.compile("(not )?ok\\b(?: +(\\d{1,9}))?(?: +-)?\\s*(.*)");
    private static final Pattern PLAN = Pattern.compile("1\\.\\.(\\d{1,9})\\s*(?:#\\s*(.*))?");
    private static final Pattern DIRECTIVE =
            Pattern.compile("(?:^|\\s)#\\s*(skip|todo)(?:\\S*)\\s*(.*)$", Pattern.CASE_INSENSITIVE);
    private static final Pattern FIGURE =
            Pattern.compile("# figure ([a-z][a-z0-9_]{0,63}) (-?\\d{1,15}(?:\\.\\d{1,9})?)");

    private final List<Point> points = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Double> figures = new TreeMap<>();
    private int planned = -1;
    private boolean planIsLast;
    private @Nullable String allSkipped;
    private boolean inYaml;

    private Tap() {}

    private record Point(String name, boolean good, String directive, String reason, List<String> details) {}

    /**
     * @param figures what the script has measured: its lines {@code # figure NAME VALUE}
     */
    record Stream(List<TestCase> cases, Map<String, Double> figures) {}

    /**
     * @param exit the script's exit code
     * @param more faults that are known from elsewhere, such as that the output was cut
     */
    static Stream parse(String text, int exit, List<String> more) {
        var tap = new Tap();
        tap.problems.addAll(more);
        for (var line : (Iterable<String>) text.lines()::iterator) {
            if (!tap.line(cut(line))) {
                break;
            }
        }
        return tap.end(exit);
    }

    /** @return whether to go on */
    private boolean line(String line) {
        if (inYaml) {
            inYaml = !line.strip().equals("...");
            if (inYaml) {
                detail(line.strip());
            }
            return true;
        }
        if (line.strip().equals("---") && line.startsWith(" ") && !points.isEmpty()) {
            inYaml = true;
            return true;
        }
        if (line.startsWith("Bail out!")) {
            problems.add(
                    "it bailed out: " + line.substring("Bail out!".length()).strip());
            return false;
        }
        Matcher matcher;
        if ((matcher = PLAN.matcher(line)).matches()) {
            plan(Integer.parseInt(matcher.group(1)), matcher.group(2));
        } else if ((matcher = POINT.matcher(line)).matches()) {
            return point(matcher);
        } else if ((matcher = FIGURE.matcher(line)).matches()) {
            if (figures.size() < MOST_FIGURES) {
                figures.put(matcher.group(1), Double.valueOf(matcher.group(2)));
            }
        } else if (!line.startsWith("TAP version ") && !line.startsWith("pragma ") && !line.isBlank()) {
            // A comment, a subtest (indented; its own point follows it) or what some program wrote.
            detail(line.startsWith("# ") ? line.substring(2) : line);
        }
        return true;
    }

    private void plan(int count, @Nullable String comment) {
        if (planned >= 0) {
            problems.add("it printed a second plan");
            return;
        }
        planned = count;
        planIsLast = !points.isEmpty();
        if (count == 0) {
            allSkipped = comment == null ? "" : comment.replaceFirst("(?i)^skip\\S*\\s*", "");
        }
    }

    private boolean point(Matcher matcher) {
        if (points.size() == MOST_CASES) {
            problems.add("it printed more than " + MOST_CASES + " test points");
            return false;
        }
        if (matcher.group(2) != null && Integer.parseInt(matcher.group(2)) != points.size() + 1) {
            problems.add("test point " + (points.size() + 1) + " has number " + matcher.group(2));
        }
        if (planIsLast) {
            problems.add("test point " + (points.size() + 1) + " came after the plan");
            planIsLast = false;
        }
        var rest = matcher.group(3);
        // Escaped signs are put away before the directive is looked for.
        var safe = rest.replace("\\\\", "\u0001").replace("\\#", "\u0002");
        var directive = DIRECTIVE.matcher(safe);
        boolean directed = directive.find();
        var name = plain(directed ? safe.substring(0, directive.start()) : safe).strip();
        points.add(new Point(
                name.isEmpty() ? "test " + (points.size() + 1) : name,
                matcher.group(1) == null,
                directed ? directive.group(1).toLowerCase(Locale.ROOT) : "",
                directed ? plain(directive.group(2)).strip() : "",
                new ArrayList<>()));
        return true;
    }

    private void detail(String text) {
        if (!points.isEmpty() && points.getLast().details().size() < MOST_DETAILS) {
            points.getLast().details().add(text);
        }
    }

    private Stream end(int exit) {
        if (exit == 124 || exit == 137) {
            problems.add("it was ended because it took too long");
        } else if (exit != 0 && points.stream().allMatch(Point::good)) {
            problems.add("it ended with exit code " + exit);
        }
        if (planned < 0) {
            problems.add("it printed no plan");
        } else if (planned != points.size()) {
            problems.add("it planned " + planned + " test points and printed " + points.size());
        }
        var cases = new ArrayList<TestCase>();
        points.forEach(point -> cases.add(new TestCase(point.name(), outcome(point), point.details())));
        if (!problems.isEmpty()) {
            cases.add(TestCase.failed(WHOLE, String.join("; ", problems.subList(0, Math.min(problems.size(), 20)))));
        } else if (allSkipped != null) {
            cases.add(TestCase.skipped("all of it", allSkipped));
        }
        return new Stream(List.copyOf(cases), Map.copyOf(figures));
    }

    private static Outcome outcome(Point point) {
        if (point.directive().equals("skip")) {
            return new Outcome.Skipped(point.reason());
        }
        if (point.good()) {
            return new Outcome.Passed();
        }
        return point.directive().equals("todo")
                ? new Outcome.Warned(point.reason())
                : new Outcome.Failed(String.join("\n", point.details()));
    }

    private static String plain(String escaped) {
        return escaped.replace('\u0001', '\\').replace('\u0002', '#');
    }

    private static String cut(String line) {
        return line.length() <= LINE_LIMIT ? line : line.substring(0, LINE_LIMIT) + "…";
    }
}
