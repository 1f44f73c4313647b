package org.ifaas.factory.fact;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1: what this build is made from and what its things are called.
 *
 * @param serial date and number, unique for the image, such as {@code 20261122.1}
 * @param imageName name of the private images; carries the build's id
 * @param releaseFolder key of the release in the artifact store
 * @param inputDigest sha256 over everything that decides the image's content: equal digests, nothing to do
 * @param inputs the same in words, name to value, so that a difference can be named
 * @param hostKind what will be spawned
 * @param hostReason why, for people
 * @param sourceDate the newest date among the mirrors' states and the commit: {@code SOURCE_DATE_EPOCH}
 * @param signingKey fingerprint
 * @param unchangedSince id of the last good build with the same inputs; null when there is something to do
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
        HostKind hostKind,
        String hostReason,
        Instant sourceDate,
        String signingKey,
        @Nullable BuildId unchangedSince)
        implements Fact {
    @Override
    public boolean endsBuild() {
        return unchangedSince != null;
    }

    public List<AptSource> sources() {
        return mirrors.stream().map(MirrorState::source).toList();
    }

    public String homeRegion() {
        return regions.getFirst();
    }
}
