package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.NoConverter;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Pipeline;
import org.ifaas.factory.pipeline.Pipelines;
import org.ifaas.factory.pipeline.Policy;
import org.ifaas.factory.pipeline.Runner;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.TestStage;
import org.ifaas.factory.publish.InMemoryRequests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A region that is down before a build begins, in a pipeline that runs with the real stages 1, 8 and 12. */
@Timeout(60)
class RegionDownTest {
    private static final byte[] IMAGE = "the image".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = Tiny.RELEASE + "/files/tiny.qcow2";
    private static final Converter NEVER = new NoConverter();

    @TempDir
    Path folder;

    private final InMemoryRegistry home = new InMemoryRegistry("home", () -> Standing.NOW);
    private final InMemoryRegistry south = new InMemoryRegistry("south", () -> Standing.NOW);
    private final InMemoryRegistry east = new InMemoryRegistry("east", () -> Standing.NOW);
    private final Registries registries = new Registries(List.of(home, south, east));
    private final InMemoryJournal journal = new InMemoryJournal();
    private final List<StageName> ran = Collections.synchronizedList(new ArrayList<>());
    private final Build build = journal.create(BuildId.random(), Beginning.parameters(false), "anna", Standing.NOW);
    private PlainArtifactStore store;

    @BeforeEach
    void aStore() throws Exception {
        store = new PlainArtifactStore(folder.resolve("store"));
        store.create(KEY, out -> out.write(IMAGE));
    }

    @Test
    void theBuildIsPartialAndARetryCopiesToThatOneOnly() throws Exception {
        south.isDown(true);
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.PARTIAL);
        assertThat(ended.reason()).contains("region south does not answer");
        assertThat(south.list()).isEmpty();
        var kept = List.of(ids(home), ids(east));
        assertThat(kept).allSatisfy(ids -> assertThat(ids).hasSize(1));

        south.isDown(false);
        ran.clear();
        new Builds(journal, id -> {}, pipelines(), new InMemoryAuditLog(() -> Standing.NOW), () -> Standing.NOW)
                .retry(build.id(), null, "anna");
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(ran).containsExactly(StageName.CLEAN_UP);
        assertThat(ids(south)).hasSize(1);
        assertThat(List.of(ids(home), ids(east))).isEqualTo(kept);
    }

    @Test
    void theHomeRegionIsNeededFromTheStart() throws Exception {
        home.isDown(true);
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.reason()).isEqualTo("Initialize: region home: does not answer");
        assertThat(ran).containsExactly(StageName.CLEAN_UP);
    }

    private Build carry() throws Exception {
        var policy =
                new Policy(1, Duration.ZERO, Policy.defaults().limits(), Duration.ofSeconds(10), Duration.ofMillis(5));
        new Runner(journal, new InMemoryLogs(), pipelines(), policy, of -> folder, () -> Standing.NOW)
                .carry(build.id());
        return journal.find(build.id()).orElseThrow();
    }

    private static List<String> ids(InMemoryRegistry region) {
        return region.list().stream().map(RegionImage::ref).map(ImageRef::id).toList();
    }

    private Pipelines pipelines() {
        var built = new ImageBuilt(
                KEY, PlainMeasurer.of(IMAGE), 4096, "packages", 1, Standing.NOW, Standing.NOW, List.of());
        var tested = new ImageTested(false, 1, 0, "TCG", 1, Map.of(), List.of(), List.of());
        var requests = new InMemoryRequests(journal);
        return new Pipelines(Map.of(
                Kind.BUILD,
                new Pipeline(List.of(
                        new Beginning().stage(registries, store),
                        made(StageName.BUILD_IMAGE, built, Set.of(Inputs.class)),
                        new RegisterPrivateImage(registries, store, NEVER, new PlainMeasurer(), requests),
                        made(StageName.TEST_IMAGE, tested, Set.of(ImageRegistered.class)),
                        new CopyToRegions(registries, store, NEVER, new PlainMeasurer(), requests),
                        made(StageName.CLEAN_UP, new CleanedUp(List.of()), Set.of())))));
    }

    @SuppressWarnings("unchecked")
    private <F extends Fact> Stage<F> made(StageName name, F fact, Set<Class<? extends Fact>> needs) {
        return new TestStage<>(name, (Class<F>) fact.getClass(), needs, context -> {
            ran.add(name);
            return fact;
        });
    }
}
