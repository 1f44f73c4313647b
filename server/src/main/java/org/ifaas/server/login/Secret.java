package org.ifaas.server.login;

import java.security.SecureRandom;
import java.util.Base64;

/** 256 random bits as text, for whoever is to hold them; the database holds their digest. */
final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secret() {}

    static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
