package org.ifaas.server.login;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.schedule.Schedule;

/** Names as they are told apart: a directory takes many ways to write one for the same (RFC 4518: case, spaces, width). */
final class LoginName {
    private static final Set<String> OWN = Set.of(Schedule.REQUESTER, PublicationPolicy.APPROVER, Publisher.FACTORY);

    private LoginName() {}

    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceAll("\\s+", " ");
    }

    /** Whether it stands for the factory itself in what is written down, as does its administrator's: nobody else has such a name. */
    static boolean isTheFactorys(String name) {
        return isAdmins(name) || OWN.contains(folded(name));
    }

    /** Whether the factory's own administrator is meant. */
    static boolean isAdmins(String name) {
        return folded(name).equals(LocalAdmin.NAME);
    }
}
