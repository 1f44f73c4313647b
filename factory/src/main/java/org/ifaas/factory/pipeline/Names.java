package org.ifaas.factory.pipeline;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of what a build makes outside the factory. They carry the factory's id and the build's, so that what a crash left
 * behind is found again, and told from what another factory owns.
 *
 * @param factoryId six lower-case letters and digits
 */
public record Names(String factoryId) {
    private static final Pattern FORM = Pattern.compile("ifaas-([a-z0-9]{6})-([a-z0-9]{8})-[ht][0-9]+");

    public String buildHost(Build build) {
        return "ifaas-" + factoryId + "-" + build.id() + "-h" + build.attempt();
    }

    /** @param number from 1 */
    public String testInstance(Build build, int number) {
        return "ifaas-" + factoryId + "-" + build.id() + "-t" + number;
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
