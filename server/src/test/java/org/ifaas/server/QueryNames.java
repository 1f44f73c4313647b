package org.ifaas.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names that the code reads of an address behind the question mark. */
public final class QueryNames {
    private static final Pattern READ = Pattern.compile(
            "(?:query\\(\\)\\s*\\.(?:first|get|all|contains)\\(|(?:exchange\\.quer(?:y|ies)|query|given)\\((?:request,\\s*)?)(\"\\w+\"|[A-Z_]+)[,)]");
    private static final Pattern CONSTANT = Pattern.compile("String ([A-Z_]+) = \"(\\w+)\";");

    private QueryNames() {}

    /** @param part {@code api} or {@code console} */
    public static Set<String> readBy(String part) {
        var names = new TreeSet<String>();
        try (var files = Files.list(Path.of("src/main/java/org/ifaas/server", part))) {
            for (var file : files.toList()) {
                var text = Files.readString(file);
                var constants = new TreeMap<String, String>();
                CONSTANT.matcher(text).results().forEach(found -> constants.put(found.group(1), found.group(2)));
                READ.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .map(name -> name.startsWith("\"") ? name.replace("\"", "") : constants.get(name))
                        .filter(name -> name != null)
                        .forEach(names::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
