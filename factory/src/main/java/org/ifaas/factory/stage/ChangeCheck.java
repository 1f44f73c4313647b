package org.ifaas.factory.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/**
 * The change check: whether the last good release of an image, of those that are still there, was made from the same inputs. It
 * compares the definition's commit, the parameters, the versions of the builder's tools and of the factory, and the digests of
 * the mirrors' release files.
 */
public final class ChangeCheck {
    /** Retention leaves the last good one; by hand others may have gone. */
    private static final int LOOK_BACK = 20;

    private final Journal journal;
    private final Builders builders;
    private final Mirrors mirrors;
    private final HostPolicy policy;
    private final ArtifactStore store;
    private final String factoryVersion;

    public ChangeCheck(
            Journal journal,
            Builders builders,
            Mirrors mirrors,
            HostPolicy policy,
            ArtifactStore store,
            String factoryVersion) {
        this.journal = journal;
        this.builders = builders;
        this.mirrors = mirrors;
        this.policy = policy;
        this.store = store;
        this.factoryVersion = factoryVersion;
    }

    /** Everything that decides the image and how far it is carried, in words. */
    Map<String, String> inputs(
            ImageDefinition definition,
            Repository.Resolved source,
            List<String> regions,
            Parameters parameters,
            List<MirrorState> states)
            throws StageFailure, InterruptedException {
        var words = new TreeMap<String, String>();
        words.put("commit", source.commit());
        words.put("repository", source.repository() + ":" + source.path());
        words.put("regions", String.join(",", regions));
        words.put("cloud", String.valueOf(parameters.cloud()));
        words.put("host", parameters.host().name().toLowerCase(Locale.ROOT));
        words.put("run tests", Boolean.toString(parameters.runTests()));
        words.put("request publication", Boolean.toString(parameters.requestPublication()));
        words.put("serial suffix", String.valueOf(parameters.serialSuffix()));
        words.put("factory", factoryVersion);
        states.forEach(state -> words.put("mirror " + state.source().suite(), state.releaseDigest()));
        tools(definition).forEach((tool, version) -> words.put(Inputs.TOOL + tool, version));
        return words;
    }

    /** What the build host would get now. */
    private Map<String, String> tools(ImageDefinition definition) throws StageFailure, InterruptedException {
        var packages = builders.of(definition.builder()).packages(policy.os().name());
        if (packages.isEmpty()) {
            return Map.of();
        }
        try {
            var sources = mirrors.sources(policy.os().distro(), policy.os().codename());
            return mirrors.offer(sources, definition.architecture(), Set.copyOf(packages))
                    .versions();
        } catch (IOException e) {
            throw StoreFailures.cannotRead("the mirrors' package indices", e);
        }
    }

    static String digest(Map<String, String> words) {
        return Sha256.of(new TreeMap<>(words)
                .entrySet().stream()
                        .map(word -> word.getKey() + "=" + word.getValue())
                        .collect(Collectors.joining("\n")));
    }

    /** The last good release when its inputs are the same, else null; the log says what differs. */
    @Nullable
    String unchangedSince(String image, Map<String, String> words, StageLog log) {
        var last = lastGood(image);
        if (last.isEmpty()) {
            log.line("there is no good release of %s", image);
            return null;
        }
        var name = image + "/" + last.get().serial();
        if (last.get().inputDigest().equals(digest(words))) {
            log.line("nothing to do: all inputs equal those of release %s (--force builds all the same)", name);
            return name;
        }
        log.line("differs from release %s:", name);
        differences(last.get().inputs(), words).forEach(log::line);
        return null;
    }

    /** What the last good release was made from, of those that nobody has removed: an older one is not the latest, although it may have been retried since. */
    private Optional<Inputs> lastGood(String image) {
        var youngestFirst = journal.succeeded(image, LOOK_BACK).stream()
                .sorted(Comparator.comparing(Build::requested).reversed())
                .toList();
        for (var good : youngestFirst) {
            var facts = journal.facts(good.id());
            boolean there = !facts.has(ArtifactsRemoved.class)
                    && facts.find(ReleaseSealed.class)
                            .filter(release -> store.exists(SignImage.seal(release)))
                            .isPresent();
            if (there && facts.has(Inputs.class)) {
                return facts.find(Inputs.class);
            }
        }
        return Optional.empty();
    }

    static List<String> differences(Map<String, String> before, Map<String, String> now) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        var differences = new ArrayList<String>();
        for (var name : names) {
            var old = before.getOrDefault(name, "none");
            var young = now.getOrDefault(name, "none");
            if (!old.equals(young)) {
                differences.add("  " + name + ": " + old + " before, " + young + " now");
            }
        }
        return differences;
    }
}
