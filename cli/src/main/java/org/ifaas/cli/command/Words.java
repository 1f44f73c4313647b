package org.ifaas.cli.command;

import java.util.List;
import java.util.Locale;
import org.ifaas.api.RequestView;

/** States and names as people read them. */
final class Words {
    private Words() {}

    /** Under which customers find it while it is the newest. */
    static String publicName(RequestView request) {
        return request.publishAs() + "_latest";
    }

    /** The regions that its approval leaves out. */
    static List<String> leftOut(RequestView request) {
        var approval = request.approval();
        var without = approval == null ? null : approval.without();
        return without == null ? List.of() : without;
    }

    static String state(String state) {
        return state.equals("UNCHANGED") ? "nothing to do" : state.toLowerCase(Locale.ROOT);
    }
}
