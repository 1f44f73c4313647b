package org.ifaas.sources;

import java.util.regex.Pattern;

/** What may be asked of git as a ref: names of branches and tags, and object ids. No expressions, no options. */
final class GitRef {
    private static final Pattern FORM =
            Pattern.compile("(?!.*(\\.\\.|//|/\\.|@\\{|\\.lock(/|$)|[/.]$))[A-Za-z0-9_][A-Za-z0-9._/+@#-]{0,199}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-f]{7,64}");

    private GitRef() {}

    static boolean sound(String ref) {
        return FORM.matcher(ref).matches();
    }

    static boolean isId(String ref) {
        return ID.matcher(ref).matches();
    }

    static boolean mayBeId(String ref) {
        return SHORT_ID.matcher(ref).matches();
    }
}
