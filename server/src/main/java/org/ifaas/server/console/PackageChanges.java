package org.ifaas.server.console;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.server.api.Refusal;

/** Which packages came, went or changed between the images of two builds. */
public final class PackageChanges {
    private final Journal journal;
    private final ArtifactStore store;

    PackageChanges(Journal journal, ArtifactStore store) {
        this.journal = journal;
        this.store = store;
    }

    /** @param unchanged how many are the same in both */
    public record Found(List<Change> changes, int unchanged) {}

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
        var before = packages(from);
        var after = packages(to);
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
        return new Found(changes, names.size() - changes.size());
    }

    private Map<String, String> packages(BuildId build) throws IOException {
        var built = journal.facts(build)
                .find(ImageBuilt.class)
                .orElseThrow(() -> Exchange.notFound("package list", build.value()));
        if (!store.exists(built.packageListKey())) {
            throw Refusal.notInStore("the package list is not there", "build", build.value());
        }
        try {
            var versions = new TreeMap<String, String>();
            PackageList.parse(store.read(built.packageListKey()))
                    .packages()
                    .forEach(one -> versions.merge(one.name(), one.version(), (a, b) -> a + ", " + b));
            return versions;
        } catch (StageFailure e) {
            throw new Refusal(500, String.valueOf(e.getMessage()), "build", build.value(), e.mend());
        }
    }
}
