package org.ifaas.server.login;

import org.ifaas.factory.definition.ImagePatterns;

/** A role, and the images that it is for. */
public record Grant(Role role, ImagePatterns images) {
    public static Grant ofAll(Role role) {
        return new Grant(role, ImagePatterns.ALL);
    }

    boolean gives(Right right) {
        return role.includes(right.needed()) && images.all();
    }
}
