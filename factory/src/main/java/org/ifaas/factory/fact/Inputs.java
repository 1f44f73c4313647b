package org.ifaas.factory.fact;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1: what this build is made from and what its things are called.
 *
 * @param serial date and build, such as {@code 20261122-k3f9x2ma}, with the suffix that was asked for
 * @param imageName name of the private images; carries the build's id
 * @param releaseFolder key of the release in the artifact store
 * @param inputDigest sha256 over everything that decides the image's content: equal digests, nothing to do
 * @param inputs the same in words, name to value, so that a difference can be named
 * @param hostKind what will be spawned; null where there is no build host
 * @param hostReason why, for people
 * @param sourceDate the newest date among the mirrors' states and the commit: {@code SOURCE_DATE_EPOCH}
 * @param signingKey fingerprint
 * @param unchangedSince the last good release that is still there, when it has the same inputs, such as {@code debian-12/20261122-k3f9x2ma}; null when
 *     there is something to do
 */
public record Inputs(
        Repository.Resolved source,
        ImageDefinition definition,
        String serial,
        String imageName,
        String releaseFolder,
        List<String> regions,
        List<MirrorState> mirrors,
        String inputDigest,
        Map<String, String> inputs,
        @Nullable HostKind hostKind,
        String hostReason,
        Instant sourceDate,
        String signingKey,
        @Nullable String unchangedSince)
        implements Fact {
    /** Names of {@link #inputs} that say how far an image is carried, and not what is in it. */
    private static final Set<String> CARRIED = Set.of("regions", "run tests", "request publication", "serial suffix");

    /** Begins the names of {@link #inputs} that are tools of the builder. */
    public static final String TOOL = "tool ";

    @Override
    public @Nullable String nothingToDo() {
        return unchangedSince == null ? null : "nothing to do: all inputs equal those of " + unchangedSince;
    }

    /** Versions of the builder's tools by package, as the mirrors offered them. */
    public Map<String, String> tools() {
        var tools = new TreeMap<String, String>();
        inputs.forEach((name, value) -> {
            if (name.startsWith(TOOL)) {
                tools.put(name.substring(TOOL.length()), value);
            }
        });
        return tools;
    }

    /** Those of the inputs that can make a difference inside the image. */
    public Map<String, String> content() {
        var content = new TreeMap<>(inputs);
        content.keySet().removeAll(CARRIED);
        return content;
    }

    public List<AptSource> sources() {
        return mirrors.stream().map(MirrorState::source).toList();
    }

    /** The same for the same commit and mirrors, whatever the other parameters: UUIDs and the like come from it. */
    public String seed() {
        var text = new StringBuilder(source.commit()).append(' ').append(source.path());
        mirrors.forEach(mirror -> text.append(' ').append(mirror.releaseDigest()));
        return Sha256.of(text.toString());
    }

    public String homeRegion() {
        return regions.getFirst();
    }
}
