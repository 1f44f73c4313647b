package org.ifaas.sources;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a suite's Release file says.
 *
 * @param validUntil null when it says nothing
 * @param byHash whether files are also offered under their digest, where no update can come between
 * @param lines of its SHA256 section: of some thousand, a few are read
 */
record ReleaseFile(
        String suite,
        String codename,
        Instant date,
        @Nullable Instant validUntil,
        boolean byHash,
        List<String> lines) {
    /** English names, numbers of one or two digits, and always in UTC. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy H:mm:ss z", Locale.ENGLISH);

    private static final Pattern ENTRY = Pattern.compile("\\s+([0-9a-f]{64})\\s+([0-9]{1,15})\\s+(\\S+)\\s*");

    record Entry(String sha256, long size) {}

    /** @throws IllegalArgumentException when it is none */
    static ReleaseFile parse(String text) {
        var fields = new HashMap<String, String>();
        var lines = new ArrayList<String>();
        var section = "";
        for (var line : text.split("\n")) {
            if (line.startsWith(" ")) {
                if (section.equals("SHA256")) {
                    lines.add(line);
                }
            } else {
                int colon = line.indexOf(':');
                section = colon < 0 ? "" : line.substring(0, colon);
                fields.putIfAbsent(section, line.substring(colon + 1).strip());
            }
        }
        var until = fields.get("Valid-Until");
        return new ReleaseFile(
                fields.getOrDefault("Suite", ""),
                fields.getOrDefault("Codename", ""),
                instant(fields.getOrDefault("Date", "")),
                until == null ? null : instant(until),
                fields.getOrDefault("Acquire-By-Hash", "no").equals("yes"),
                List.copyOf(lines));
    }

    Optional<Entry> file(String path) {
        return lines.stream()
                .filter(line -> line.contains(path))
                .map(ENTRY::matcher)
                .filter(entry -> entry.matches() && entry.group(3).equals(path))
                .map(entry -> new Entry(entry.group(1), Long.parseLong(entry.group(2))))
                .reduce((_, last) -> last);
    }

    private static Instant instant(String text) {
        try {
            return ZonedDateTime.parse(text.replace("+0000", "UTC"), DATE)
                    .withZoneSameInstant(ZoneOffset.UTC)
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("it has no date that can be read: " + Problem.shown(text));
        }
    }
}
