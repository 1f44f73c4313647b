package org.ifaas.server.login;

import java.text.Normalizer;
import java.util.Locale;

/** Names as they are told apart: a directory takes many ways to write one for the same (RFC 4518: case, spaces, width). */
final class LoginName {
    private LoginName() {}

    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceAll("\\s+", " ");
    }

    /** Whether the factory's own administrator is meant. */
    static boolean isAdmins(String name) {
        return folded(name).equals(LocalAdmin.NAME);
    }
}
