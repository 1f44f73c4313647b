package org.ifaas.cli.factory;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.jspecify.annotations.Nullable;

/** An address below {@code /api/v1}, with everything that users typed encoded. */
public record Address(String text) {
    public static Address of(String... segments) {
        var text = new StringBuilder("/api/v1");
        for (var segment : segments) {
            text.append('/').append(named(segment));
        }
        return new Address(text.toString());
    }

    /** Adds a query parameter; left out when the value is null. */
    public Address with(String name, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        return new Address(text + (text.contains("?") ? "&" : "?") + name + "=" + encoded(value.toString()));
    }

    /** What is empty would name the list instead of something in it, and dots what is above. */
    private static String named(String segment) {
        if (segment.isBlank()) {
            throw new Stop(ExitCode.USAGE, "a name is empty", "Say what is meant; the lists say what there is.");
        }
        return segment.matches("\\.+") ? segment.replace(".", "%2E") : encoded(segment);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
