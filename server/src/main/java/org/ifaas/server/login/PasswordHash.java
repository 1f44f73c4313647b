package org.ifaas.server.login;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Passwords as they are stored: {@code pbkdf2-sha512$ROUNDS$SALT$HASH}, so that the rounds can be raised later. */
final class PasswordHash {
    private static final String SCHEME = "pbkdf2-sha512";
    private static final int BITS = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    static String of(String password, int rounds) {
        var salt = new byte[16];
        RANDOM.nextBytes(salt);
        var encoder = Base64.getEncoder();
        return String.join(
                "$",
                SCHEME,
                Integer.toString(rounds),
                encoder.encodeToString(salt),
                encoder.encodeToString(hash(password, salt, rounds)));
    }

    static boolean matches(String password, String stored) {
        var parts = stored.split("\\$");
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            throw new IllegalStateException("the stored password has a form that this release does not know");
        }
        var decoder = Base64.getDecoder();
        var given = hash(password, decoder.decode(parts[2]), Integer.parseInt(parts[1]));
        return MessageDigest.isEqual(given, decoder.decode(parts[3]));
    }

    private static byte[] hash(String password, byte[] salt, int rounds) {
        var key = new PBEKeySpec(password.toCharArray(), salt, rounds, BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(key)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.clearPassword();
        }
    }
}
