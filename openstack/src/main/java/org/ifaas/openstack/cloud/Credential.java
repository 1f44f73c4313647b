package org.ifaas.openstack.cloud;

import org.jspecify.annotations.Nullable;

/** What the factory shows Keystone. */
public sealed interface Credential {

    /**
     * An application credential: bound to one project, without the user's password, and revocable by itself.
     *
     * @param id null when it is named instead, together with its user
     */
    record Application(
            @Nullable String id,
            @Nullable String name,
            @Nullable Named user,
            Secret secret) implements Credential {}

    /** @param project what the token is scoped to */
    record Password(Named user, Secret password, Named project) implements Credential {}

    /**
     * A user or a project: by its id alone, or by its name in a domain.
     *
     * @param domain null where the id stands alone
     */
    record Named(
            @Nullable String id,
            @Nullable String name,
            @Nullable Domain domain) {}

    /** One of both is there. */
    record Domain(@Nullable String id, @Nullable String name) {}
}
