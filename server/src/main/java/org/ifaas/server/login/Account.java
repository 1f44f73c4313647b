package org.ifaas.server.login;

import java.util.Set;

/** Somebody who has signed in. */
public record Account(String name, Set<Role> roles) {
    public Account {
        roles = Set.copyOf(roles);
    }

    public boolean may(Role needed) {
        return roles.stream().anyMatch(role -> role.includes(needed));
    }
}
