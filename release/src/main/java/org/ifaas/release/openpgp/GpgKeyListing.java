package org.ifaas.release.openpgp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One key in {@code gpg --with-colons}' listing, as GnuPG's doc/DETAILS describes it. */
record GpgKeyListing(List<String[]> records) {
    static GpgKeyListing parse(String output) {
        return new GpgKeyListing(output.lines().map(line -> line.split(":", -1)).toList());
    }

    /** {@code r} revoked, {@code e} expired, {@code d} disabled, {@code i} invalid; other letters say how far it is trusted. */
    String validity() {
        return field(primary(), 2);
    }

    boolean canSign() {
        return field(primary(), 12).contains("S");
    }

    Optional<Instant> expires() {
        var seconds = field(primary(), 7);
        return seconds.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(Long.parseLong(seconds)));
    }

    /** Of the primary key first, then of its subkeys. */
    List<String> fingerprints() {
        return records.stream()
                .filter(fields -> fields[0].equals("fpr"))
                .map(fields -> field(fields, 10))
                .toList();
    }

    String userId() {
        return records.stream()
                .filter(fields -> fields[0].equals("uid"))
                .map(fields -> field(fields, 10))
                .findFirst()
                .orElse("");
    }

    private String[] primary() {
        return records.stream()
                .filter(fields -> fields[0].equals("sec"))
                .findFirst()
                .orElse(new String[0]);
    }

    /** Counted from 1, as in the documentation. */
    private static String field(String[] fields, int number) {
        return number <= fields.length ? fields[number - 1] : "";
    }
}
