package org.ifaas.server.console;

import java.util.List;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Role;
import org.jspecify.annotations.Nullable;

/**
 * What is around every page.
 *
 * @param section address of the entry in the menu that the page belongs to
 * @param account null when nobody is signed in
 * @param assets what changes when the style sheet or a script does
 */
public record Frame(String title, String section, @Nullable Account account, String version, String assets) {
    /** One entry of the menu. */
    public record Entry(String address, String title) {}

    private record Offered(String address, String title, Role needed) {}

    private static final List<Offered> MENU = List.of(
            new Offered("/", "Images", Role.VIEWER),
            new Offered("/new-build", "New build", Role.REQUESTER),
            new Offered("/requests", "Requests", Role.VIEWER),
            new Offered("/hosts", "Hosts", Role.VIEWER),
            new Offered("/regions", "Regions", Role.VIEWER),
            new Offered("/schedules", "Schedules", Role.VIEWER),
            new Offered("/statistics", "Statistics", Role.VIEWER),
            new Offered("/audit", "Audit log", Role.OPERATOR),
            new Offered("/settings", "Settings", Role.OPERATOR));

    public List<Entry> menu() {
        return account == null
                ? List.of()
                : MENU.stream()
                        .filter(entry -> account.may(entry.needed()))
                        .map(entry -> new Entry(entry.address(), entry.title()))
                        .toList();
    }

    public boolean may(String role) {
        return account != null && account.may(Role.valueOf(role));
    }
}
