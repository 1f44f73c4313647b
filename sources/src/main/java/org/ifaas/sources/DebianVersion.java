package org.ifaas.sources;

import java.util.Comparator;

/** A version of a Debian package, ordered as Debian Policy 5.6.12 says. */
record DebianVersion(String text) implements Comparable<DebianVersion> {
    private static final Comparator<String> PART = DebianVersion::compareParts;

    @Override
    public int compareTo(DebianVersion other) {
        int epochs = Long.compare(epoch(), other.epoch());
        if (epochs != 0) {
            return epochs;
        }
        int upstreams = PART.compare(upstream(), other.upstream());
        return upstreams != 0 ? upstreams : PART.compare(revision(), other.revision());
    }

    private long epoch() {
        int colon = text.indexOf(':');
        try {
            return colon < 0 ? 0 : Long.parseLong(text.substring(0, colon));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private String upstream() {
        int hyphen = text.lastIndexOf('-');
        return text.substring(text.indexOf(':') + 1, hyphen < 0 ? text.length() : hyphen);
    }

    private String revision() {
        int hyphen = text.lastIndexOf('-');
        return hyphen < 0 ? "" : text.substring(hyphen + 1);
    }

    /** Parts without digits and numbers take turns. */
    private static int compareParts(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() || j < b.length()) {
            while ((i < a.length() && !isDigit(a.charAt(i))) || (j < b.length() && !isDigit(b.charAt(j)))) {
                int difference = weight(a, i) - weight(b, j);
                if (difference != 0) {
                    return difference;
                }
                i++;
                j++;
            }
            int startA = skipZeros(a, i);
            int startB = skipZeros(b, j);
            i = endOfDigits(a, startA);
            j = endOfDigits(b, startB);
            int lengths = Integer.compare(i - startA, j - startB);
            int numbers = lengths != 0 ? lengths : a.substring(startA, i).compareTo(b.substring(startB, j));
            if (numbers != 0) {
                return numbers;
            }
        }
        return 0;
    }

    /** A tilde before the end, the end and digits before letters, letters before all else. */
    private static int weight(String text, int at) {
        if (at >= text.length() || isDigit(text.charAt(at))) {
            return 0;
        }
        char c = text.charAt(at);
        if (c == '~') {
            return -1;
        }
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c : c + 256;
    }

    private static int skipZeros(String text, int at) {
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int endOfDigits(String text, int at) {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    @Override
    public String toString() {
        return text;
    }
}
