package org.ifaas.server.login;

import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.publish.Person;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: somebody who has signed in, or whose token a program has sent.
 *
 * @param region whose publications it may fetch and report on; null for none
 * @param token the name of the program's token; null for somebody who has signed in, and for the factory's own token
 * @param addresses the person's mail addresses, by which the author of a commit is known, and other names
 */
public record Account(
        String name,
        Set<Grant> grants,
        @Nullable String region,
        @Nullable String token,
        Set<String> addresses) {
    public Account {
        grants = Set.copyOf(grants);
        addresses = Set.copyOf(addresses);
    }

    public Account(String name, Set<Grant> grants, @Nullable String region) {
        this(name, grants, region, null, Set.of());
    }

    /** For all images. */
    public Account(String name, Set<Role> roles) {
        this(name, roles.stream().map(Grant::ofAll).collect(Collectors.toSet()), null);
    }

    /** As four-eyes knows it. */
    public Person person() {
        return new Person(name, addresses);
    }

    /** Whether there is any image for which it has the right. */
    public boolean may(Right right) {
        return grants.stream().anyMatch(grant -> grant.gives(right));
    }

    /** The images for which it has the right. */
    public ImagePatterns images(Right right) {
        return grants.stream()
                .filter(grant -> grant.gives(right))
                .map(Grant::images)
                .reduce(ImagePatterns.NONE, ImagePatterns::and);
    }
}
