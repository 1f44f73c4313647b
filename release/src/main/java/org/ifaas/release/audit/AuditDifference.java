package org.ifaas.release.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two images, file by file.
 *
 * @param name as in the audit sets
 * @param sizeBefore in bytes; null when added
 * @param sizeAfter in bytes; null when removed
 */
public record AuditDifference(
        Kind kind,
        String name,
        @Nullable Long sizeBefore,
        @Nullable Long sizeAfter) {
    /** What happened to a name. */
    public enum Kind {
        REMOVED,
        ADDED,
        CHANGED
    }

    /** Where causes lie, before where their consequences do. */
    private static final List<String> MOST_TELLING = List.of(
            "./var/lib/dpkg/status", // another set of packages explains everything else
            "./var/lib/dpkg/",
            "./usr/lib/sysimage/rpm/",
            "./etc/apt/",
            "./etc/",
            "./usr/",
            "./opt/",
            "./root/",
            "./home/");

    private static final List<String> LEAST_TELLING =
            List.of("./boot/", "./var/log/", "./var/cache/", "./var/lib/apt/", "./tmp/", "./var/tmp/");

    /** Compares two audit sets; the most telling difference comes first. */
    public static List<AuditDifference> between(Path before, Path after) throws IOException {
        var old = byName(before);
        var young = byName(after);
        var names = new TreeSet<>(old.keySet());
        names.addAll(young.keySet());
        return names.stream()
                .filter(name -> !same(old.get(name), young.get(name)))
                .map(name -> of(name, old.get(name), young.get(name)))
                .sorted(Comparator.comparingInt((AuditDifference difference) -> rank(difference.name()))
                        .thenComparing(AuditDifference::kind)
                        .thenComparing(AuditDifference::name))
                .toList();
    }

    @Override
    public String toString() {
        return switch (kind) {
            case REMOVED -> "only in the first:  %s (%d bytes)".formatted(name, sizeBefore);
            case ADDED -> "only in the second: %s (%d bytes)".formatted(name, sizeAfter);
            case CHANGED -> "differs:            %s (%d and %d bytes)".formatted(name, sizeBefore, sizeAfter);
        };
    }

    private static Map<String, AuditSet.Entry> byName(Path file) throws IOException {
        var entries = new HashMap<String, AuditSet.Entry>();
        AuditSet.read(file).forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    private static boolean same(AuditSet.@Nullable Entry before, AuditSet.@Nullable Entry after) {
        return before != null
                && after != null
                && before.size() == after.size()
                && before.sha256().equals(after.sha256());
    }

    private static AuditDifference of(String name, AuditSet.@Nullable Entry before, AuditSet.@Nullable Entry after) {
        var kind = before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
        return new AuditDifference(
                kind, name, before == null ? null : before.size(), after == null ? null : after.size());
    }

    private static int rank(String name) {
        for (var i = 0; i < MOST_TELLING.size(); i++) {
            if (name.startsWith(MOST_TELLING.get(i))) {
                return i;
            }
        }
        return MOST_TELLING.size() + (LEAST_TELLING.stream().anyMatch(name::startsWith) ? 1 : 0);
    }
}
