package org.ifaas.server.console;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.server.api.Refusal;

/** What a form was filled with. */
record Form(Map<String, List<String>> values) {
    static Form parse(String body) {
        var values = new LinkedHashMap<String, List<String>>();
        for (var pair : body.split("&")) {
            var at = pair.indexOf('=');
            if (at > 0) {
                values.computeIfAbsent(decoded(pair.substring(0, at)), name -> new ArrayList<>())
                        .add(decoded(pair.substring(at + 1)));
            }
        }
        return new Form(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "is not encoded as forms are", "body", text, "Send it as the page's form does.");
        }
    }

    /** Stripped; empty when it is missing. */
    String text(String name) {
        var all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.getLast().strip();
    }

    /** As it was typed. */
    String password(String name) {
        var all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.getLast();
    }

    List<String> texts(String name) {
        return values.getOrDefault(name, List.of());
    }
}
