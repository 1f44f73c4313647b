package org.ifaas.factory.pipeline;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Names one build, and everything outside the factory that belongs to it: eight lower-case letters and digits. */
public record BuildId(String value) implements Comparable<BuildId> {
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final Pattern FORM = Pattern.compile("[" + ALPHABET + "]{8}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public BuildId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a build id: " + value);
        }
    }

    public static BuildId random() {
        var id = new StringBuilder(8);
        for (int i = 0; i < 8; i++) {
            id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
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
