package org.ifaas.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** As much of a terminal as the live view uses; anything else that is sent to it is an error. */
final class Screen {
    private static final Pattern PIECE =
            Pattern.compile("\033\\[(\\d*)([AJK])|\r|\n|([^\033\r\n]+)|(.)", Pattern.DOTALL);

    private final int columns;
    private final List<String> rows = new ArrayList<>(List.of(""));
    private int row;
    private int column;
    /** How many rows the cursor has gone up in all. */
    int rewritten;

    Screen(int columns) {
        this.columns = columns;
    }

    void show(String text) {
        var pieces = PIECE.matcher(text);
        while (pieces.find()) {
            if (pieces.group(4) != null) {
                throw new AssertionError("unexpected control character in " + text.replace('\033', '^'));
            } else if (pieces.group(3) != null) {
                write(pieces.group(3));
            } else if (pieces.group(2) != null) {
                control(pieces.group(2), pieces.group(1));
            } else if (pieces.group().equals("\r")) {
                column = 0;
            } else {
                column = 0;
                if (++row == rows.size()) {
                    rows.add("");
                }
            }
        }
    }

    List<String> rows() {
        return rows.stream().map(String::stripTrailing).toList();
    }

    private void write(String text) {
        if (column + Columns.width(text) > columns) {
            throw new AssertionError("wider than " + columns + " columns: " + text);
        }
        var old = rows.get(row);
        var padded = old + " ".repeat(Math.max(0, column - old.length()));
        int end = Math.min(padded.length(), column + text.length());
        rows.set(row, padded.substring(0, column) + text + padded.substring(end));
        column += text.length();
    }

    private void control(String letter, String number) {
        switch (letter) {
            case "A" -> {
                int up = Integer.parseInt(number);
                if (up > row) {
                    throw new AssertionError("the cursor goes above the first row");
                }
                row -= up;
                rewritten += up;
            }
            case "K" ->
                rows.set(
                        row,
                        rows.get(row)
                                .substring(0, Math.min(column, rows.get(row).length())));
            default -> {
                control("K", "");
                while (rows.size() > row + 1) {
                    rows.removeLast();
                }
            }
        }
    }
}
