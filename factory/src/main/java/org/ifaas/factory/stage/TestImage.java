package org.ifaas.factory.stage;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.suite.FlavorResults;
import org.ifaas.factory.suite.ScriptResult;
import org.ifaas.factory.suite.SuiteResult;
import org.ifaas.factory.suite.TestCase;

/**
 * Stage 9: boots instances from the very image that was registered and runs the suite on them. The image is not changed by
 * it, which is checked. Results are JUnit XML, TAP, the console log and figures; a failing test fails the build. Where the
 * definition names flavors, all this is done on each.
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
            var results = FlavorResults.of(store, build.fact(Inputs.class));
            var next = flavors(build).stream()
                    .filter(flavor -> !hasPassed(flavor, results, build))
                    .findFirst();
            tests.checkRoom(next.orElse(null), build);
        }
    }

    private static List<String> flavors(StageContext build) {
        return build.fact(Inputs.class).definition().tests().flavors();
    }

    @Override
    public ImageTested run(StageContext build) throws StageFailure, InterruptedException {
        if (!build.parameters().runTests()) {
            build.log().line("no tests, as its requester asked: this release can't be published");
            return ImageTested.NOT_RUN;
        }
        var results = FlavorResults.of(store, build.fact(Inputs.class));
        try {
            return flavors(build).isEmpty() ? onAny(results.folder(), build) : onEach(results, build);
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(results.folder(), e);
        }
    }

    private ImageTested onAny(String folder, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var tested = tests.run(null, build);
        checkUnchanged(build);
        write(tested, Map.of("accelerator", tested.accelerator(), "sha256", sha256(build)), folder, build);
        tested.result().check(store.path(folder + "/results.xml").toString());
        return tested(
                tested.result().passed(),
                tested.result().skipped(),
                tested.accelerator(),
                tested.boot().toMillis() / 1000.0,
                tested.figures(),
                keys(folder),
                List.of(),
                build);
    }

    /** One after the other. Whatever is found on one, the others are tried and what they show is kept. */
    private ImageTested onEach(FlavorResults results, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var failures = new LinkedHashMap<String, StageFailure>();
        var keys = new ArrayList<String>();
        for (var flavor : flavors(build)) {
            keys.addAll(keys(results.folder(flavor)));
            if (hasPassed(flavor, results, build)) {
                build.log().line("== flavor %s has passed before the factory was interrupted", flavor);
                continue;
            }
            build.log().line("== flavor %s", flavor);
            try {
                on(flavor, results, build);
                build.log().line("== flavor %s has passed", flavor);
            } catch (NoRoom full) {
                throw full;
            } catch (StageFailure failure) {
                build.log().line("== flavor %s: %s", flavor, failure.getMessage());
                failures.put(flavor, failure);
            }
        }
        checkUnchanged(build);
        var found = results.of(flavors(build), build.build().attempt());
        if (!failures.isEmpty()) {
            throw together(failures, found);
        }
        return tested(
                found.stream().mapToInt(Flavor::passed).sum(),
                found.stream().mapToInt(Flavor::skipped).sum(),
                found.getFirst().accelerator(),
                found.getFirst().bootSeconds(),
                found.getFirst().figures(),
                keys,
                found,
                build);
    }

    private static boolean hasPassed(String flavor, FlavorResults results, StageContext build) {
        return results.passed(flavor, sha256(build), build.build().attempt());
    }

    private void on(String flavor, FlavorResults results, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        Tested tested;
        try {
            tested = tests.run(flavor, build);
        } catch (NoRoom full) {
            throw full;
        } catch (StageFailure failure) {
            write(Tested.notReached(failure.getMessage(), build.now()), flavor, results, build);
            throw failure;
        }
        write(tested, flavor, results, build);
        tested.result().check(store.path(results.key(flavor)).toString());
    }

    private void write(Tested tested, String flavor, FlavorResults results, StageContext build) throws IOException {
        var properties = FlavorResults.properties(
                flavor, tested.accelerator(), sha256(build), build.build().attempt());
        write(tested, properties, results.folder(flavor), build);
    }

    /** Who is to blame for the image is to blame, whatever else has failed beside it. */
    private static StageFailure together(Map<String, StageFailure> failures, List<Flavor> found) {
        var worst = failures.values().stream()
                .filter(failure -> failure.blame() == Blame.IMAGE)
                .findFirst()
                .orElse(failures.values().iterator().next());
        var told = failures.entrySet().stream()
                .map(failure -> failure.getKey() + ": " + failure.getValue().getMessage())
                .collect(Collectors.joining("\n"));
        var passed = found.stream()
                .map(Flavor::name)
                .filter(flavor -> !failures.containsKey(flavor))
                .collect(Collectors.joining(", "));
        return new StageFailure(
                worst.blame(), told + (passed.isEmpty() ? "" : "\npassed on " + passed), worst.mend(), worst);
    }

    private static ImageTested tested(
            int passed,
            int skipped,
            String accelerator,
            double boot,
            Map<String, Double> figures,
            List<String> keys,
            List<Flavor> flavors,
            StageContext build) {
        build.log().line("%d passed, %d skipped", passed, skipped);
        return new ImageTested(false, passed, skipped, accelerator, boot, figures, keys, flavors);
    }

    private static String sha256(StageContext build) {
        return build.fact(ImageBuilt.class).measured().digests().sha256();
    }

    private static List<String> keys(String folder) {
        return List.of(folder + "/results.xml", folder + "/results.tap");
    }

    private void write(Tested tested, Map<String, String> what, String folder, StageContext build) throws IOException {
        var image = build.fact(Inputs.class).definition().name();
        var properties = new TreeMap<>(what);
        tested.figures().forEach((name, figure) -> properties.put(name, figure.toString()));
        build.checkLease();
        store.write(folder + "/console.log", tested.console());
        store.create(folder + "/results.tap", out -> tested.result().writeTap(out));
        store.create(folder + "/results.xml", out -> tested.result().writeJUnit(image, properties, out));
    }

    /** Instances work on a copy-on-write overlay, so the registered file is still what was measured. */
    private void checkUnchanged(StageContext build) throws StageFailure, IOException {
        var image = build.fact(ImageRegistered.class).image();
        var measured = build.fact(ImageRegistered.class).measured(build.fact(ImageBuilt.class));
        var registry = registries.of(image.region());
        var file = registry.file(image.id());
        if (file.isEmpty()) {
            var stored = registry.find(image.id())
                    .orElseThrow(() -> new StageFailure(
                            Blame.CLOUD,
                            "region " + image.region() + ": image " + image.id() + " was removed while it was tested",
                            "Look at who else works in the factory's project, then retry."));
            RegionDigest.compare(stored, measured);
        }
        if (file.isPresent() && !measurer.measure(file.get()).equals(measured)) {
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
    record Tested(SuiteResult result, Duration boot, String accelerator, String console) {
        /** An instance that could not be had, or not be reached, as a test that has failed. */
        static Tested notReached(String why, Instant now) {
            var name = "an instance boots and is reached";
            var tap = "TAP version 13\nnot ok 1 - " + name + "\n1..1\n";
            var script = new ScriptResult(
                    "instance", List.of(TestCase.failed(name, why)), Map.of(), tap, now, Duration.ZERO);
            return new Tested(new SuiteResult(List.of(script)), Duration.ZERO, "", "");
        }

        Map<String, Double> figures() {
            var figures = new TreeMap<>(result.figures());
            figures.put(FlavorResults.BOOT, boot.toMillis() / 1000.0);
            return figures;
        }
    }
}
