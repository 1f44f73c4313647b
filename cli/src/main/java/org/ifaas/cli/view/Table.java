package org.ifaas.cli.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** Rows under headings; on a terminal they are cut to the width, and what no row says anything of takes no room. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** A null is an empty cell. */
    public void row(@Nullable String... cells) {
        var row = new ArrayList<String>();
        for (var cell : cells) {
            row.add(cell == null ? "" : Columns.clean(cell.replace('\n', ' ')));
        }
        rows.add(row);
    }

    /** Says {@code none} instead when there is no row. */
    public void print(Surroundings surroundings, String none) {
        PrintStream out = surroundings.out();
        if (rows.size() == 1) {
            out.println(none);
            return;
        }
        boolean live = surroundings.terminal().live();
        int limit = live ? surroundings.terminal().size().columns() : Integer.MAX_VALUE;
        var widths = widths(rows);
        var said = widths(rows.subList(1, rows.size()));
        var columns = IntStream.range(0, widths.length)
                .filter(column -> !live || said[column] > 0)
                .toArray();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column : columns) {
                line.append(Columns.pad(row.get(column), widths[column] + 2));
            }
            out.println(Columns.cut(line.toString().stripTrailing(), limit));
        }
    }

    private static int[] widths(List<List<String>> rows) {
        return IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> Columns.width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
    }
}
