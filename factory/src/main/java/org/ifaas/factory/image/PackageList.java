package org.ifaas.factory.image;

import java.util.Set;
import java.util.TreeSet;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/**
 * The packages of an image: a line each, with name, version, architecture and source separated by tabs. It comes from a
 * hostile host, so its form is checked.
 */
public record PackageList(String text, Set<String> names) {
    private static final int MOST_LINES = 100_000;

    /** @throws StageFailure blaming the IMAGE when a line has another form */
    public static PackageList parse(String text) throws StageFailure {
        var names = new TreeSet<String>();
        int number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var fields = line.split("\t", -1);
            if (fields.length != 4 || !fields[0].matches("[a-z0-9][a-z0-9+.:_-]*") || number > MOST_LINES) {
                throw new StageFailure(
                        Blame.IMAGE,
                        "line %d of the package list is not name, version, architecture and source separated by tabs: %s"
                                .formatted(number, line.substring(0, Math.min(80, line.length()))),
                        "Have the builder write the list as docs/builders.md says.");
            }
            names.add(fields[0]);
        }
        return new PackageList(text, names);
    }
}
