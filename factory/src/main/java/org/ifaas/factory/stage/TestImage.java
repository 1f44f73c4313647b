package org.ifaas.factory.stage;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.suite.SuiteResult;

/**
 * Stage 9: boots instances from the very image that was registered and runs the suite on them. The image is not changed by
 * it, which is checked. Results are JUnit XML, TAP, the console log and figures; a failing test fails the build.
 */
public final class TestImage implements Stage<ImageTested> {
    private final InstanceTests tests;
    private final Registries registries;
    private final ArtifactStore store;
    private final Measurer measurer;

    public TestImage(InstanceTests tests, Registries registries, ArtifactStore store, Measurer measurer) {
        this.tests = tests;
        this.registries = registries;
        this.store = store;
        this.measurer = measurer;
    }

    @Override
    public StageName name() {
        return StageName.TEST_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageRegistered.class);
    }

    /** What was tested is the content; a copy of it that was registered again needs no second test. */
    @Override
    public Set<Class<? extends Fact>> restsOn() {
        return Set.of(ImageBuilt.class);
    }

    @Override
    public Class<ImageTested> makes() {
        return ImageTested.class;
    }

    @Override
    public void checkRoom(StageContext build) throws StageFailure, InterruptedException {
        if (build.parameters().runTests()) {
            tests.checkRoom(build);
        }
    }

    @Override
    public ImageTested run(StageContext build) throws StageFailure, InterruptedException {
        if (!build.parameters().runTests()) {
            build.log().line("no tests, as its requester asked: this release can't be published");
            return new ImageTested(true, 0, 0, "", 0, Map.of(), List.of());
        }
        var folder = build.fact(Inputs.class).releaseFolder() + "/files/test-results";
        try {
            var tested = tests.run(build);
            checkUnchanged(build);
            var figures = new TreeMap<>(tested.result().figures());
            figures.put("boot_seconds", tested.boot().toMillis() / 1000.0);
            var keys = write(tested, figures, folder, build);
            tested.result().check(store.path(keys.getFirst()).toString());
            build.log()
                    .line(
                            "%d passed, %d skipped",
                            tested.result().passed(), tested.result().skipped());
            return new ImageTested(
                    false,
                    tested.result().passed(),
                    tested.result().skipped(),
                    tested.accelerator(),
                    tested.boot().toMillis() / 1000.0,
                    figures,
                    keys);
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(folder, e);
        }
    }

    private List<String> write(Tested tested, Map<String, Double> figures, String folder, StageContext build)
            throws IOException {
        var image = build.fact(Inputs.class).definition().name();
        var properties = new TreeMap<String, String>();
        properties.put("accelerator", tested.accelerator());
        properties.put(
                "sha256", build.fact(ImageBuilt.class).measured().digests().sha256());
        figures.forEach((name, figure) -> properties.put(name, figure.toString()));
        store.create(folder + "/results.xml", out -> tested.result().writeJUnit(image, properties, out));
        store.create(folder + "/results.tap", out -> tested.result().writeTap(out));
        store.write(folder + "/console.log", tested.console());
        return List.of(folder + "/results.xml", folder + "/results.tap");
    }

    /** Instances work on a copy-on-write overlay, so the registered file is still what was measured. */
    private void checkUnchanged(StageContext build) throws StageFailure, IOException {
        var image = build.fact(ImageRegistered.class).image();
        var registry = registries.of(image.region());
        var file = registry.file(image.id());
        if (file.isEmpty()) {
            var stored = registry.find(image.id())
                    .orElseThrow(() -> new StageFailure(
                            Blame.CLOUD,
                            "region " + image.region() + ": image " + image.id() + " was removed while it was tested",
                            "Look at who else works in the factory's project, then retry."));
            RegionDigest.compare(stored, build.fact(ImageBuilt.class).measured());
        }
        if (file.isPresent()
                && !measurer.measure(file.get())
                        .equals(build.fact(ImageBuilt.class).measured())) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "the registered file has changed while it was tested: " + file.get(),
                    "Look at who else can write to this region's directory.");
        }
    }

    @Override
    public boolean holds(ImageTested fact, StageContext build) {
        return fact.resultKeys().stream().allMatch(store::exists);
    }

    /**
     * @param boot from power-on to the first login
     * @param console what the first instance wrote to its serial console
     */
    record Tested(SuiteResult result, Duration boot, String accelerator, String console) {}
}
