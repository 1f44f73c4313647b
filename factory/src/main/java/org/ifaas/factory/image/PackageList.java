package org.ifaas.factory.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/**
 * The packages of an image: a line each, with name, version, architecture and source separated by tabs. It comes from a
 * hostile host, so its form is checked.
 */
public record PackageList(String text, List<Installed> packages) {
    private static final int MOST_LINES = 100_000;
    private static final Pattern LINE = Pattern.compile(
            "([a-z0-9][a-z0-9+.:_-]{0,199})\t([!-~]{1,200})\t([!-~]{1,200})\t([a-z0-9][a-z0-9+.:_-]{0,199}|)");

    public PackageList {
        packages = List.copyOf(packages);
    }

    /** @param source name of the source package; empty when the list doesn't say it */
    public record Installed(String name, String version, String architecture, String source) {}

    /** @throws StageFailure blaming the IMAGE when a line has another form */
    public static PackageList parse(String text) throws StageFailure {
        var packages = new ArrayList<Installed>();
        for (var line : text.lines().toList()) {
            var fields = LINE.matcher(line);
            if (packages.size() == MOST_LINES) {
                throw refused("the package list has more than " + MOST_LINES + " lines");
            }
            if (!fields.matches()) {
                throw refused(
                        "line %d of the package list is not name, version, architecture and source separated by tabs: %s"
                                .formatted(packages.size() + 1, line.substring(0, Math.min(80, line.length()))));
            }
            packages.add(new Installed(fields.group(1), fields.group(2), fields.group(3), fields.group(4)));
        }
        return new PackageList(text, packages);
    }

    private static StageFailure refused(String why) {
        return new StageFailure(Blame.IMAGE, why, "Have the builder write the list as docs/builders.md says.");
    }

    public Set<String> names() {
        return packages.stream().map(Installed::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
