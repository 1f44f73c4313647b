package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Builder;
import org.ifaas.factory.image.BuilderInputs;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeCheckTest {
    private static final AptSource SUITE = new AptSource("http://mirror.example.org", "bookworm", List.of("main"));

    @TempDir
    Path folder;

    private final InMemoryJournal journal = new InMemoryJournal();
    private final OneImage repository = new OneImage("tiny");
    private final ImageDefinition tiny = repository.definition();
    private final List<String> log = new ArrayList<>();
    private PlainArtifactStore store;
    private ChangeCheck check;
    private Instant now = Standing.NOW;
    private String mirror = "a";
    private String tool = "1.0";
    private Parameters parameters = Parameters.of("tiny");

    /** Of the builder's tools, the versions that the test says. */
    private final class Offering implements Mirrors {
        @Override
        public List<AptSource> sources(String distro, String codename) {
            return List.of(SUITE);
        }

        @Override
        public List<MirrorState> state(List<AptSource> sources) {
            return List.of(new MirrorState(SUITE, mirror, Standing.NOW));
        }

        @Override
        public Offer offer(List<AptSource> sources, String architecture, Set<String> packages) {
            var versions = new TreeMap<String, String>();
            packages.forEach(name -> versions.put(name, tool));
            return new Offer(state(sources), versions);
        }
    }

    private record Script(String name) implements Builder {
        @Override
        public List<String> packages(String hostOs) {
            return List.of("qemu-utils");
        }

        @Override
        public BuildPlan plan(BuilderInputs inputs) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void aFactory() {
        store = new PlainArtifactStore(folder);
        check = new ChangeCheck(
                journal,
                new Builders(List.of(new Script("script"))),
                new Offering(),
                HostPolicy.defaults(),
                store,
                "1.2");
    }

    @Test
    void theFirstBuildHasNothingToBeComparedWith() throws Exception {
        assertThat(unchangedSince()).isNull();
        assertThat(log).containsExactly("there is no good release of tiny");
    }

    @Test
    void withTheSameInputsThereIsNothingToDo() throws Exception {
        release("s1");
        assertThat(unchangedSince()).isEqualTo("tiny/s1");
        assertThat(log)
                .containsExactly(
                        "nothing to do: all inputs equal those of release tiny/s1 (--force builds all the same)");
    }

    @Test
    void itSaysWhatDiffers() throws Exception {
        release("s1");
        mirror = "b";
        tool = "1.1";
        assertThat(unchangedSince()).isNull();
        assertThat(log)
                .containsExactly(
                        "differs from release tiny/s1:",
                        "  mirror bookworm: a before, b now",
                        "  tool qemu-utils: 1.0 before, 1.1 now");
    }

    @Test
    void whatOneOfThemDidNotHaveDiffersToo() {
        assertThat(ChangeCheck.differences(Map.of("a", "1", "b", "2"), Map.of("b", "2", "c", "3")))
                .containsExactly("  a: 1 before, none now", "  c: none before, 3 now");
    }

    @Test
    void aReleaseThatRetentionHasRemovedIsNotNamed() throws Exception {
        release("s1");
        var removed = release("s2");
        journal.record(removed, new ArtifactsRemoved(now, now, 9, 9, "old"), now);
        assertThat(unchangedSince()).isEqualTo("tiny/s1");
    }

    @Test
    void aReleaseThatSomebodyHasRemovedIsNotNamed() throws Exception {
        release("s1");
        store.delete("releases/tiny/s1");
        assertThat(unchangedSince()).isNull();
        assertThat(log).containsExactly("there is no good release of tiny");
    }

    @Test
    void anOlderReleaseOfTheSameInputsIsNotTheLastAndIsBuiltAgain() throws Exception {
        release("s1");
        mirror = "b";
        release("s2");
        mirror = "a";
        assertThat(unchangedSince()).isNull();
        assertThat(log).containsExactly("differs from release tiny/s2:", "  mirror bookworm: b before, a now");
    }

    @Test
    void anOlderReleaseThatIsRetriedIsNotTheLastForAllThat() throws Exception {
        var older = release("s1");
        mirror = "b";
        release("s2");
        now = now.plusSeconds(60);
        journal.reopen(older, Set.of(), now);
        journal.end(journal.take(older, now), BuildState.SUCCEEDED, "copied again", now);
        assertThat(unchangedSince()).isEqualTo("tiny/s2");
    }

    @Test
    void anotherHostOrCloudIsAChange() throws Exception {
        release("s1");
        parameters = new Parameters(
                "tiny", null, List.of(), "east", HostChoice.QEMU, null, true, false, true, List.of(), null);
        assertThat(unchangedSince()).isNull();
        assertThat(log)
                .containsExactly(
                        "differs from release tiny/s1:",
                        "  cloud: null before, east now",
                        "  host: auto before, qemu now");
    }

    private Map<String, String> words() throws Exception {
        return check.inputs(
                tiny, repository.resolve("tiny", null), List.of("west"), parameters, new Offering().state(List.of()));
    }

    private String unchangedSince() throws Exception {
        return check.unchangedSince("tiny", words(), log::add);
    }

    private BuildId release(String serial) throws Exception {
        now = now.plusSeconds(60);
        var id = BuildId.random();
        journal.create(id, Parameters.of("tiny"), "anna", now);
        var lease = journal.take(id, now);
        var of = Tiny.inputs("west");
        var inputs = new Inputs(
                of.source(),
                tiny,
                serial,
                "tiny " + serial,
                "releases/tiny/" + serial,
                of.regions(),
                of.mirrors(),
                ChangeCheck.digest(words()),
                words(),
                null,
                "",
                now,
                "",
                null);
        journal.done(lease, StageName.INITIALIZE, inputs, null, now);
        var sealed = new ReleaseSealed(inputs.releaseFolder(), "digest", "KEY", now, List.of());
        store.write(sealed.folder() + "/SHA256SUMS.asc", "signature");
        journal.done(lease, StageName.SIGN_IMAGE, sealed, null, now);
        journal.end(lease, BuildState.SUCCEEDED, "done", now);
        return id;
    }
}
