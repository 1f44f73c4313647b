package org.ifaas.cli.view;

import java.util.List;
import org.ifaas.api.CheckView;
import org.ifaas.cli.Surroundings;

/** Checks with what was found, the command line that checks the same, and the mend. */
public record Checks(Surroundings surroundings) {
    /** Whether none failed. */
    public boolean print(List<CheckView> checks) {
        var out = surroundings.out();
        var style = Style.of(surroundings.terminal());
        int width = checks.stream()
                .mapToInt(check -> Columns.width(check.name()))
                .max()
                .orElse(0);
        for (var check : checks) {
            var result = style.paint(check.result(), Columns.pad(check.result(), 7));
            var line = result + "  " + Columns.pad(check.name(), width) + "  " + indented(check.detail(), width + 11);
            out.println(line.stripTrailing());
            if (check.command() != null) {
                out.println("         " + style.faint("$ " + check.command()));
            }
            if (check.mend() != null && !check.result().equals("ok")) {
                out.println("         mend: " + indented(surroundings.hints().in(check.mend()), 15));
            }
        }
        long failed =
                checks.stream().filter(check -> check.result().equals("failed")).count();
        long warnings = checks.stream()
                .filter(check -> check.result().equals("warning"))
                .count();
        out.println();
        out.println(checks.size() - failed - warnings + " ok, " + warnings
                + (warnings == 1 ? " warning, " : " warnings, ") + failed + " failed");
        return failed == 0;
    }

    private static String indented(String text, int by) {
        return String.join("\n" + " ".repeat(by), Columns.cleanLines(text));
    }
}
