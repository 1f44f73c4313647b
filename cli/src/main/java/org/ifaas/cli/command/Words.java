package org.ifaas.cli.command;

import java.util.Locale;
import org.ifaas.api.RequestView;

/** States and names as people read them. */
final class Words {
    private Words() {}

    /** Under which customers find it while it is the newest. */
    static String publicName(RequestView request) {
        return request.publishAs() + "_latest";
    }

    static String state(String state) {
        return state.equals("UNCHANGED") ? "nothing to do" : state.toLowerCase(Locale.ROOT);
    }
}
