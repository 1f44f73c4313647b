package org.ifaas.sources;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant to write. */
final class Nearest {
    private Nearest() {}

    /** The candidate that takes the fewest changed letters; none when too many would have to change. */
    static Optional<String> of(String written, Collection<String> candidates) {
        var wanted = written.toLowerCase(Locale.ROOT);
        if (wanted.length() > 64) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(c -> changes(wanted, c.toLowerCase(Locale.ROOT)) <= Math.max(1, c.length() / 3))
                .min(Comparator.comparingInt(c -> changes(wanted, c.toLowerCase(Locale.ROOT))));
    }

    /** Levenshtein's distance, in which two letters that changed places are one change. */
    private static int changes(String a, String b) {
        var before = new int[b.length() + 1];
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            before = previous;
            previous = current;
        }
        return previous[b.length()];
    }
}
