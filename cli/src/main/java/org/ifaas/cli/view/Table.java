package org.ifaas.cli.view;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** Rows under headings; on a terminal the last column is cut to the width. */
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
        int columns = rows.getFirst().size();
        var widths = IntStream.range(0, columns)
                .map(column -> rows.stream()
                        .mapToInt(row -> Columns.width(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        int limit =
                surroundings.terminal().live() ? surroundings.terminal().size().columns() : Integer.MAX_VALUE;
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                line.append(Columns.pad(row.get(column), column == columns - 1 ? 0 : widths[column] + 2));
            }
            out.println(Columns.cut(line.toString().stripTrailing(), limit));
        }
    }
}
