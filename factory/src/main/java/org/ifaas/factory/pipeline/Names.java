package org.ifaas.factory.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Names of what a build makes outside the factory. They carry the factory's id and the build's, so that what a crash left
 * behind is found again, and told from what another factory owns.
 *
 * @param factoryId six lower-case letters and digits
 */
public record Names(String factoryId) {
    private static final Pattern FORM = Pattern.compile("ifaas-([a-z0-9]{6})-([a-z0-9]{8})-[ht][0-9]+");

    public String buildHost(Build build) {
        return buildHost(build.id(), build.attempt());
    }

    /** Of all attempts so far. */
    public List<String> buildHosts(Build build) {
        return IntStream.rangeClosed(1, build.attempt())
                .mapToObj(attempt -> buildHost(build.id(), attempt))
                .toList();
    }

    private String buildHost(BuildId build, int attempt) {
        return "ifaas-" + factoryId + "-" + build + "-h" + attempt;
    }

    /** @param number 1 or 2: a build has no more at once */
    public String testInstance(Build build, int number) {
        return "ifaas-" + factoryId + "-" + build.id() + "-t" + number;
    }

    public List<String> testInstances(Build build) {
        return List.of(testInstance(build, 1), testInstance(build, 2));
    }

    /** Whether a name of this form is a build host's, and not a test instance's. */
    public static boolean isBuildHost(String name) {
        return FORM.matcher(name).matches() && name.lastIndexOf("-h") > name.lastIndexOf("-t");
    }

    /** The build that a thing of that name belongs to; empty when it isn't this factory's. */
    public Optional<BuildId> buildOf(String name) {
        var matcher = FORM.matcher(name);
        if (!matcher.matches() || !matcher.group(1).equals(factoryId)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BuildId(matcher.group(2)));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
