package org.ifaas.factory.publish;

import java.util.Set;
import org.ifaas.factory.schedule.Schedule;

/**
 * Who decides.
 *
 * @param addresses mail addresses, as a directory has them, and other names; empty where none is known
 */
public record Person(String name, Set<String> addresses) {
    public Person {
        addresses = Set.copyOf(addresses);
    }

    public Person(String name) {
        this(name, Set.of());
    }

    /**
     * Whether that is the requester. The author of a commit is known by a mail address and a user by a name: whoever has that
     * address, or the name before its @, is taken for the author; where a schedule has built a commit without an address, anybody
     * may be. That refuses one too many rather than letting one through.
     */
    boolean is(String requester) {
        return requester.equals(Schedule.REQUESTER)
                || requester.equalsIgnoreCase(name)
                || addresses.stream().anyMatch(requester::equalsIgnoreCase)
                || requester.contains("@") != name.contains("@")
                        && account(requester).equalsIgnoreCase(account(name));
    }

    private static String account(String name) {
        int at = name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }
}
