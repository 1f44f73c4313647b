package org.ifaas.server.login;

import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;

/** A role, and the images that it is for. */
public record Grant(Role role, ImagePatterns images) {
    public static Grant ofAll(Role role) {
        return new Grant(role, ImagePatterns.ALL);
    }

    /** With a colon before each pattern, where it is not for all images: {@code REQUESTER:web-*}. */
    String text() {
        return images.all()
                ? role.name()
                : role.name()
                        + images.globs().stream()
                                .sorted()
                                .map(glob -> ":" + glob)
                                .collect(Collectors.joining());
    }

    static Grant parse(String text) {
        var parts = List.of(text.split(":"));
        var role = Role.valueOf(parts.getFirst());
        return parts.size() == 1 ? ofAll(role) : new Grant(role, ImagePatterns.of(parts.subList(1, parts.size())));
    }

    boolean gives(Right right) {
        return role.includes(right.needed()) && (images.all() || !right.everyImage());
    }
}
