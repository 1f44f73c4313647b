package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorsAroundTest {
    private static final AptSource BASE = new AptSource("http://mirror.example.org", "bookworm", List.of("main"));
    private static final AptSource SECURITY =
            new AptSource("http://mirror.example.org", "bookworm-security", List.of("main"));

    @TempDir
    Path folder;

    private final List<String> log = new ArrayList<>();
    private String security = "a";
    private final Mirrors mirrors = new Offering();
    private final MirrorsAround around = new MirrorsAround(mirrors);

    /** Its base never changes. */
    private final class Offering implements Mirrors {
        @Override
        public List<AptSource> sources(String distro, String codename) {
            return List.of(BASE, SECURITY);
        }

        @Override
        public List<MirrorState> state(List<AptSource> sources) {
            return sources.stream()
                    .map(source -> source.equals(BASE) ? offered(BASE, "0") : offered(SECURITY, security))
                    .toList();
        }

        @Override
        public Offer offer(List<AptSource> sources, String architecture, Set<String> packages) {
            return new Offer(state(sources), Map.of());
        }
    }

    private List<MirrorState> now() throws Exception {
        return mirrors.offer(List.of(BASE, SECURITY), "amd64", Set.of()).mirrors();
    }

    private static MirrorState offered(AptSource source, String digest) {
        return new MirrorState(source, digest.repeat(64), Instant.parse("2026-11-22T09:00:00Z"));
    }

    @Test
    void whatHasNotChangedIsOneStateAndNoNews() throws Exception {
        var before = around.before(inputs(), context(1));
        assertThat(MirrorsAround.with(now(), before, log::add))
                .containsExactly(offered(BASE, "0"), offered(SECURITY, "a"));
        assertThat(log).isEmpty();
    }

    @Test
    void whatHasChangedWhileItWasBuiltIsThereTwiceAndSaidInTheLog() throws Exception {
        var before = around.before(inputs(), context(1));
        security = "b";
        assertThat(MirrorsAround.with(now(), before, log::add))
                .containsExactly(offered(BASE, "0"), offered(SECURITY, "a"), offered(SECURITY, "b"));
        assertThat(log)
                .containsExactly("warning: the mirror's bookworm-security has changed while the image was built,"
                        + " and is now of 2026-11-22T09:00:00Z");
    }

    @Test
    void aFactoryThatIsRestartedMeanwhileRemembersHowItBeganAndALaterAttemptBeginsAnew() throws Exception {
        var before = around.before(inputs(), context(1));
        security = "b";
        assertThat(around.before(inputs(), context(1))).isEqualTo(before);
        assertThat(around.before(inputs(), context(2))).containsExactly(offered(BASE, "0"), offered(SECURITY, "b"));
    }

    private static Inputs inputs() {
        var of = Tiny.inputs("west");
        return new Inputs(
                of.source(),
                of.definition(),
                of.serial(),
                of.imageName(),
                of.releaseFolder(),
                of.regions(),
                List.of(offered(BASE, "8"), offered(SECURITY, "9")),
                of.inputDigest(),
                of.inputs(),
                of.hostKind(),
                of.hostReason(),
                of.sourceDate(),
                of.signingKey(),
                of.unchangedSince());
    }

    private StageContext context(int attempt) {
        var build = Tiny.build(Tiny.ID, Tiny.build().parameters(), attempt);
        return new Standing(build, new Facts(List.of()), folder);
    }
}
