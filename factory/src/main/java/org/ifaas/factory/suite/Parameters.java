package org.ifaas.factory.suite;

import java.util.Map;
import java.util.regex.Pattern;

/** What scripts are told: variables in a file that the shell reads. */
final class Parameters {
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]*");

    private Parameters() {}

    /** Values may hold anything but NUL; whatever they hold stays data. */
    static String file(Map<String, String> values) {
        var text = new StringBuilder();
        values.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a parameter: " + name);
            }
            text.append(name).append("='").append(value.replace("'", "'\\''")).append("'\n");
        });
        return text.toString();
    }
}
