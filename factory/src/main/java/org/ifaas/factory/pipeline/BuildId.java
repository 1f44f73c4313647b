package org.ifaas.factory.pipeline;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.ifaas.factory.signing.Sha256;

/** Names one build, and everything outside the factory that belongs to it: eight lower-case letters and digits. */
public record BuildId(String value) implements Comparable<BuildId> {
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final Pattern FORM = Pattern.compile("[" + ALPHABET + "]{8}");
    private static final BigInteger LETTERS = BigInteger.valueOf(ALPHABET.length());
    private static final SecureRandom RANDOM = new SecureRandom();

    public BuildId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a build id: " + value);
        }
    }

    public static BuildId random() {
        var bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return of(bytes);
    }

    /** The same id for the same text: who asks twice with it gets one build. */
    public static BuildId of(String text) {
        return of(HexFormat.of().parseHex(Sha256.of(text)));
    }

    private static BuildId of(byte[] bytes) {
        var id = new StringBuilder(8);
        for (var number = new BigInteger(1, bytes); id.length() < 8; number = number.divide(LETTERS)) {
            id.append(ALPHABET.charAt(number.mod(LETTERS).intValue()));
        }
        return new BuildId(id.toString());
    }

    @Override
    public int compareTo(BuildId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
