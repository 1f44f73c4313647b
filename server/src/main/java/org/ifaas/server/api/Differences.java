package org.ifaas.server.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ifaas.api.DifferenceView;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
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
        var first = journal.facts(one.id());
        var second = journal.facts(other.id());
        var built = built(one, first);
        var builtToo = built(other, second);
        var sha256 = built.measured().digests().sha256();
        var otherSha256 = builtToo.measured().digests().sha256();
        if (sha256.equals(otherSha256)) {
            return new DifferenceView(true, sha256, otherSha256, List.of());
        }
        var found = new ArrayList<String>();
        compare("input", inputs(first), inputs(second), found);
        compare("package", lines(built.packageListKey(), 0, "\t"), lines(builtToo.packageListKey(), 0, "\t"), found);
        compare("file", contents(first), contents(second), found);
        if (built.measured().size() != builtToo.measured().size()) {
            found.add("size: " + built.measured().size() + " and "
                    + builtToo.measured().size() + " bytes");
        }
        if (found.isEmpty()) {
            found.add(
                    "the files inside are the same: the difference lies in metadata of the file system, the boot loader"
                            + " or the order of blocks");
        }
        return new DifferenceView(false, sha256, otherSha256, found.subList(0, Math.min(MOST, found.size())));
    }

    private static ImageBuilt built(Build build, Facts facts) {
        return facts.find(ImageBuilt.class)
                .orElseThrow(() -> new Refusal(
                        409,
                        "this build has no image to compare",
                        "build",
                        build.id().value(),
                        "Compare builds whose stage build-image is done."));
    }

    private static Map<String, String> inputs(Facts facts) {
        return facts.find(Inputs.class).map(Inputs::content).orElse(Map.of());
    }

    private Map<String, String> contents(Facts facts) throws IOException {
        var hashed = facts.find(ImageHashed.class).orElse(null);
        return hashed == null || hashed.auditKey() == null ? Map.of() : lines(hashed.auditKey(), 3, ",");
    }

    /** Lines as a map: the field of that number is the name, the rest of the line the value. */
    private Map<String, String> lines(@Nullable String key, int name, String separator) throws IOException {
        var map = new TreeMap<String, String>();
        if (key == null || !store.exists(key)) {
            return map;
        }
        try (var reader = new BufferedReader(new InputStreamReader(store.open(key), StandardCharsets.UTF_8))) {
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
