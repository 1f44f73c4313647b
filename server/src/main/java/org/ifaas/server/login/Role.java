package org.ifaas.server.login;

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
    /** All of it. */
    ADMIN;

    /** Whether whoever has this role has the other one as well. */
    public boolean includes(Role other) {
        return switch (this) {
            case ADMIN -> true;
            case OPERATOR -> other == OPERATOR || other == REQUESTER || other == VIEWER;
            case REQUESTER, PUBLISHER -> other == this || other == VIEWER;
            case VIEWER -> other == VIEWER;
        };
    }
}
