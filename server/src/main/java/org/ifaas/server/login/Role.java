package org.ifaas.server.login;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may do. */
public enum Role {
    /** Sees everything but secrets. */
    VIEWER,
    /** Asks for builds, cancels them and tries them again. */
    REQUESTER,
    /** Keeps and destroys build hosts; sees regions and settings work. */
    OPERATOR,
    /** Decides publication requests. */
    PUBLISHER,
    /** A program beside a region's admin interface: fetches the publications that wait for its region, and reports on them. */
    REGION_PUBLISHER,
    /** All of it. */
    ADMIN;

    /** Those that people have: the other one is for programs, with a token of one region. */
    public static final List<Role> OF_PEOPLE =
            Stream.of(values()).filter(role -> role != REGION_PUBLISHER).toList();

    /** Whether whoever has this role has the other one as well. */
    public boolean includes(Role other) {
        return switch (this) {
            case ADMIN -> true;
            case OPERATOR -> other == OPERATOR || other == REQUESTER || other == VIEWER;
            case REQUESTER, PUBLISHER -> other == this || other == VIEWER;
            case VIEWER, REGION_PUBLISHER -> other == this;
        };
    }

    /** As it is written in requests and settings: {@code region-publisher}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Of its name or slug. */
    public static Optional<Role> named(String text) {
        return Stream.of(values())
                .filter(role -> role.slug().equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
                .findFirst();
    }
}
