package org.ifaas.server.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ifaas.api.DifferenceView;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.jspecify.annotations.Nullable;

/** How the images of two builds differ: inputs, packages, then the files inside them. */
public final class Differences {
    private static final int MOST = 100;

    private final Journal journal;
    private final ArtifactStore store;

    public Differences(Journal journal, ArtifactStore store) {
        this.journal = journal;
        this.store = store;
    }

    DifferenceView between(Build one, Build other) throws IOException {
        var first = side(one);
        var second = side(other);
        var sha256 = first.built().measured().digests().sha256();
        var otherSha256 = second.built().measured().digests().sha256();
        if (sha256.equals(otherSha256)) {
            return new DifferenceView(true, sha256, otherSha256, List.of(), List.of());
        }
        var found = new ArrayList<String>();
        var notCompared = new ArrayList<String>();
        compare("input", inputs(first.facts()), inputs(second.facts()), found);
        var missing = first.packages().missingIn(second.packages());
        if (missing.isEmpty()) {
            compare(
                    "package",
                    first.packages().lines(0, "\t"),
                    second.packages().lines(0, "\t"),
                    found);
        } else {
            notCompared.add("packages are not compared: " + missing.get());
            count("packages", first.built().packages(), second.built().packages(), found);
        }
        var unread = first.contents().missingIn(second.contents());
        if (unread.isEmpty()) {
            compare("file", first.contents().lines(3, ","), second.contents().lines(3, ","), found);
        } else {
            notCompared.add("the files inside are not compared: " + unread.get());
        }
        count(
                "size in bytes",
                first.built().measured().size(),
                second.built().measured().size(),
                found);
        if (found.isEmpty() && notCompared.isEmpty()) {
            found.add(
                    "the files inside are the same: the difference lies in metadata of the file system, the boot loader"
                            + " or the order of blocks");
        }
        return new DifferenceView(
                false, sha256, otherSha256, found.subList(0, Math.min(MOST, found.size())), notCompared);
    }

    private record Side(Facts facts, ImageBuilt built, Kept packages, Kept contents) {}

    private Side side(Build build) {
        var facts = journal.facts(build.id());
        var built = facts.find(ImageBuilt.class)
                .orElseThrow(() -> new Refusal(
                        409,
                        "this build has no image to compare",
                        "build",
                        build.id().value(),
                        "Compare builds whose stage build-image is done."));
        var hashed = facts.find(ImageHashed.class).orElse(null);
        return new Side(
                facts,
                built,
                new Kept(build.id(), facts, built.packageListKey(), "the package list", store),
                new Kept(
                        build.id(),
                        facts,
                        hashed == null ? null : hashed.auditKey(),
                        "a list of the files inside",
                        store));
    }

    /**
     * A file that a build has left, and may have lost since.
     *
     * @param key null where it never left one
     */
    public record Kept(BuildId build, Facts facts, @Nullable String key, String what, ArtifactStore store) {
        /** Why the two can't be compared, in words; empty when they can. */
        public Optional<String> missingIn(Kept other) {
            return Stream.of(this, other)
                    .flatMap(kept -> kept.missing().stream())
                    .reduce((one, two) -> one + "; " + two);
        }

        private Optional<String> missing() {
            var removed = facts.find(ArtifactsRemoved.class)
                    .filter(gone -> gone.files() > 0)
                    .map(gone -> "the files of build %s were removed by retention on %s: %s"
                            .formatted(build, gone.day(), gone.why()));
            return removed.isPresent() || key != null && store.exists(key)
                    ? removed
                    : Optional.of(
                            key == null
                                    ? "build %s has not made %s".formatted(build, what)
                                    : "%s of build %s is not in the artifact store; see that store.directory is mounted, and is the one of this database"
                                            .formatted(what, build));
        }

        /** Lines as a map: the field of that number is the name, the rest of the line the value. */
        private Map<String, String> lines(int name, String separator) throws IOException {
            var map = new TreeMap<String, String>();
            try (var reader = new BufferedReader(
                    new InputStreamReader(store.open(Objects.requireNonNull(key)), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    var fields = line.split(separator, name == 0 ? 2 : name + 1);
                    if (!line.startsWith("%%%%") && !line.startsWith("#") && fields.length > Math.max(name, 1)) {
                        map.put(
                                fields[name],
                                name == 0 ? fields[1].replace('\t', ' ') : fields[0] + " bytes, sha256 " + fields[2]);
                    }
                }
            }
            return map;
        }
    }

    private static void count(String what, long one, long other, List<String> found) {
        if (one != other) {
            found.add(what + ": " + one + "; " + other);
        }
    }

    private static Map<String, String> inputs(Facts facts) {
        return facts.find(Inputs.class).map(Inputs::content).orElse(Map.of());
    }

    private static void compare(String what, Map<String, String> one, Map<String, String> other, List<String> found) {
        var names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        for (var name : names) {
            var value = one.getOrDefault(name, "missing");
            var otherValue = other.getOrDefault(name, "missing");
            if (!value.equals(otherValue)) {
                found.add(what + " " + name + ": " + value + "; " + otherValue);
            }
        }
    }
}
