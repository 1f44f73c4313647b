package org.ifaas.server.console;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.server.api.Differences;
import org.ifaas.server.api.Refusal;

/** Which packages came, went or changed between the images of two builds. */
public final class PackageChanges {
    private final Journal journal;
    private final ArtifactStore store;

    PackageChanges(Journal journal, ArtifactStore store) {
        this.journal = journal;
        this.store = store;
    }

    /**
     * @param unchanged how many are the same in both
     * @param missing why they can't be compared, in words; empty when they can
     */
    public record Found(List<Change> changes, int unchanged, String missing) {}

    /**
     * @param before empty for one that came
     * @param after empty for one that went
     */
    public record Change(String name, String before, String after) {
        public String what() {
            return before.isEmpty() ? "came" : after.isEmpty() ? "went" : "changed";
        }

        public String sign() {
            return before.isEmpty() ? "+" : after.isEmpty() ? "−" : "→";
        }
    }

    Found between(BuildId from, BuildId to) throws IOException {
        var first = list(from);
        var second = list(to);
        var missing = first.missingIn(second);
        if (missing.isPresent()) {
            return new Found(List.of(), 0, missing.get());
        }
        var before = packages(first);
        var after = packages(second);
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var changes = new ArrayList<Change>();
        for (var name : names) {
            var old = before.getOrDefault(name, "");
            var now = after.getOrDefault(name, "");
            if (!old.equals(now)) {
                changes.add(new Change(name, old, now));
            }
        }
        return new Found(changes, names.size() - changes.size(), "");
    }

    private Differences.Kept list(BuildId build) {
        var facts = journal.facts(build);
        var built = facts.find(ImageBuilt.class).orElseThrow(() -> Exchange.notFound("package list", build.value()));
        return new Differences.Kept(build, facts, built.packageListKey(), "the package list", store);
    }

    private Map<String, String> packages(Differences.Kept list) throws IOException {
        try {
            var versions = new TreeMap<String, String>();
            PackageList.parse(store.read(Objects.requireNonNull(list.key())))
                    .packages()
                    .forEach(one -> versions.merge(one.name(), one.version(), (a, b) -> a + ", " + b));
            return versions;
        } catch (StageFailure e) {
            throw new Refusal(
                    500, String.valueOf(e.getMessage()), "build", list.build().value(), e.mend());
        }
    }
}
