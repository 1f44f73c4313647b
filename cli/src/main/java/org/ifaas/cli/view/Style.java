package org.ifaas.cli.view;

import org.ifaas.cli.Terminal;

/** How states look. Colour only ever repeats what a symbol or a word says. */
public record Style(boolean colour, boolean unicode) {
    static final Style PLAIN = new Style(false, false);

    public static Style of(Terminal terminal) {
        return new Style(terminal.colour(), terminal.unicode());
    }

    /** One column. */
    String symbol(String state) {
        return switch (state) {
            case "DONE", "SUCCEEDED", "ok" -> unicode ? "✔" : "+";
            case "RUNNING" -> unicode ? "▶" : ">";
            case "FAILED", "failed" -> unicode ? "✘" : "x";
            case "PARTIAL" -> unicode ? "◐" : "/";
            case "SKIPPED", "UNCHANGED" -> unicode ? "–" : "-";
            case "CANCELLED" -> unicode ? "◼" : "o";
            case "warning" -> "!";
            default -> unicode ? "·" : ".";
        };
    }

    String paint(String state, String text) {
        return switch (state) {
            case "DONE", "SUCCEEDED", "ok" -> wrap("32", text);
            case "RUNNING" -> wrap("1;36", text);
            case "FAILED", "PARTIAL", "failed" -> wrap("1;31", text);
            case "CANCELLED", "warning" -> wrap("33", text);
            default -> faint(text);
        };
    }

    String faint(String text) {
        return wrap("2", text);
    }

    String strong(String text) {
        return wrap("1", text);
    }

    private String wrap(String code, String text) {
        return colour && !text.isEmpty() ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
