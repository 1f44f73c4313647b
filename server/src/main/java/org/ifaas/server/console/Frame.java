package org.ifaas.server.console;

import java.util.List;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;

/**
 * What is around every page.
 *
 * @param section address of the entry in the menu that the page belongs to
 * @param account null when nobody is signed in
 * @param assets what changes when the style sheet or a script does
 * @param key of this page and no other: a form with it that is sent twice is taken once
 */
public record Frame(
        String title, String section, @Nullable Account account, String version, String assets, String key) {
    /** One entry of the menu. */
    public record Entry(String address, String title) {}

    private record Offered(String address, String title, Right needed) {}

    private static final List<Offered> MENU = List.of(
            new Offered("/", "Images", Right.SEE),
            new Offered("/new-build", "New build", Right.BUILD),
            new Offered("/requests", "Requests", Right.SEE),
            new Offered("/hosts", "Hosts", Right.SEE),
            new Offered("/regions", "Regions", Right.SEE_FACTORY),
            new Offered("/schedules", "Schedules", Right.SEE),
            new Offered("/statistics", "Statistics", Right.SEE),
            new Offered("/audit", "Audit log", Right.INSPECT),
            new Offered("/settings", "Settings", Right.INSPECT));

    public List<Entry> menu() {
        return account == null
                ? List.of()
                : MENU.stream()
                        .filter(entry -> account.may(entry.needed()))
                        .map(entry -> new Entry(entry.address(), entry.title()))
                        .toList();
    }

    public boolean may(String right, String image) {
        return account != null && account.images(Right.valueOf(right)).has(image);
    }

    /** For any image. */
    public boolean may(String right) {
        return account != null && account.may(Right.valueOf(right));
    }
}
