package org.ifaas.factory.publish;

import java.time.Duration;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Kind;

/**
 * @param fourEyes whether the requester of a build may not approve its publication
 * @param byPolicy images whose releases nobody has to approve
 * @param approvalValid how long an approval can be acted on
 * @param retry how long the factory leaves a region of its own alone that has failed
 */
public record PublicationPolicy(boolean fourEyes, ImagePatterns byPolicy, Duration approvalValid, Duration retry) {
    /** Who approves by policy. */
    public static final String APPROVER = "policy";

    public static PublicationPolicy defaults() {
        return new PublicationPolicy(false, ImagePatterns.NONE, Duration.ofDays(7), Duration.ofMinutes(5));
    }

    /**
     * Whether the factory itself approves what this build has made. Only what the operators trust as it is: of a trusted
     * repository, at the ref that they have configured and no other that a requester may name, and tested.
     */
    public boolean approves(Build build, Facts facts) {
        var parameters = build.parameters();
        return byPolicy.has(parameters.image())
                && parameters.kind() == Kind.BUILD
                && parameters.ref() == null
                && facts.find(Inputs.class)
                        .filter(inputs -> inputs.source().trusted())
                        .isPresent()
                && facts.find(ImageTested.class)
                        .filter(tested -> !tested.skipped() && tested.passed() > 0)
                        .isPresent();
    }
}
