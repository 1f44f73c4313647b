package org.ifaas.cli.command;

import java.util.Locale;

/** States as people read them. */
final class Words {
    private Words() {}

    static String state(String state) {
        return state.equals("UNCHANGED") ? "nothing to do" : state.toLowerCase(Locale.ROOT);
    }
}
