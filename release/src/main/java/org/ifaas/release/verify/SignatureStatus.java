package org.ifaas.release.verify;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code gpgv --status-fd 1} printed. Its exit code is not enough: it is 0 for a signature by a key that has expired
 * since.
 */
record SignatureStatus(List<String> lines) {
    private static final String PREFIX = "[GNUPG:] ";
    private static final Set<String> REFUSED = Set.of(
            "EXPKEYSIG", "REVKEYSIG", "EXPSIG", "BADSIG", "ERRSIG", "KEYEXPIRED", "KEYREVOKED", "NODATA", "FAILURE");

    static SignatureStatus parse(String output) {
        return new SignatureStatus(output.lines()
                .filter(line -> line.startsWith(PREFIX))
                .map(line -> line.substring(PREFIX.length()))
                .toList());
    }

    boolean good() {
        return count("GOODSIG") == 1 && count("VALIDSIG") == 1 && keywords().noneMatch(REFUSED::contains);
    }

    /** Of the primary key, the last word of {@code VALIDSIG}. */
    Optional<String> fingerprint() {
        return lines.stream()
                .map(line -> line.split(" "))
                .filter(words -> words[0].equals("VALIDSIG"))
                .map(words -> words[words.length - 1])
                .findFirst();
    }

    private long count(String keyword) {
        return keywords().filter(keyword::equals).count();
    }

    private Stream<String> keywords() {
        return lines.stream().map(line -> line.split(" ")[0]);
    }
}
