package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.suite.BaselineSuite;
import org.ifaas.factory.suite.FlavorResults;
import org.ifaas.factory.suite.LocalConnection;
import org.ifaas.factory.suite.SuitePolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stage 9 where the definition names flavors. The instances are this machine; the definition's test looks at their disk. */
class TestOnFlavorsTest {
    private static final byte[] IMAGE = "an image".getBytes(StandardCharsets.UTF_8);
    private static final Names NAMES = new Names("abc123");
    private static final String RESULTS = Tiny.RELEASE + "/files/test-results/";
    private static final String NEEDS_10_GIB = """
            #!/bin/sh
            echo 1..2
            echo "ok 1 - it runs"
            [ "$IFAAS_DISK_BYTES" -ge 10000000000 ] || printf 'not '
            echo "ok 2 - the disk is large"
            """;

    @TempDir
    Path folder;

    private final InMemoryRegistry west = new InMemoryRegistry("west", () -> Standing.NOW);
    private final Registries registries = new Registries(List.of(west));
    private final Machines machines = new Machines();
    private final OneImage tiny = new OneImage("tiny", NEEDS_10_GIB);
    private Runnable journal = () -> {};
    private ArtifactStore store;
    private ImageRegistered registered;

    @BeforeEach
    void anImageIsRegistered() throws Exception {
        store = new PlainArtifactStore(folder.resolve("store"));
        store.write("builds/k3f9x2ma/packages-offered.tsv", "");
        var file = Files.write(folder.resolve("image"), IMAGE);
        var image = west.register(new NewImage("tiny", file, PlainMeasurer.of(IMAGE), Map.of()), line -> {});
        registered = new ImageRegistered(image.ref(), "tiny", "sha512", image.hashValue(), null);
    }

    @Test
    void theImageIsTestedOnEachAndEachHasItsResults() throws Exception {
        var tested = test(1, "large", "huge");
        assertThat(machines.booted).containsExactly("large", "huge");
        assertThat(machines.running).isEmpty();
        assertThat(tested.flavors()).extracting(Flavor::name).containsExactly("large", "huge");
        assertThat(tested.flavors())
                .allMatch(flavor -> flavor.passed() == 2 && flavor.failed() == 0 && flavor.bootSeconds() == 7);
        assertThat(tested.passed()).isEqualTo(4);
        assertThat(tested.resultKeys())
                .containsExactly(
                        RESULTS + "large/results.xml",
                        RESULTS + "large/results.tap",
                        RESULTS + "huge/results.xml",
                        RESULTS + "huge/results.tap");
        assertThat(tested.resultKeys()).allMatch(store::exists);
        assertThat(store.read(RESULTS + "huge/console.log")).isEqualTo("console of huge\n");
        assertThat(store.read(RESULTS + "huge/results.tap")).contains("ok 2 - the disk is large");
    }

    @Test
    void oneThatFailsFailsTheImageAndWhatTheOthersShowIsKept() {
        var failure = catchThrowableOfType(StageFailure.class, () -> test(1, "large", "small", "huge"));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure)
                .hasMessage("small: 1 of 2 tests failed: tests/own.sh: the disk is large\npassed on large, huge");
        assertThat(machines.booted).containsExactly("large", "small", "huge");
        assertThat(machines.running).isEmpty();
        assertThat(found(1, "large", "small", "huge"))
                .extracting(Flavor::name, Flavor::passed, Flavor::failed)
                .containsExactly(tuple("large", 2, 0), tuple("small", 1, 1), tuple("huge", 2, 0));
    }

    @Test
    void oneThatIsNotReachedIsATestThatFailedAndItsHostIsToBlame() throws Exception {
        machines.unreachable = "large";
        var failure = catchThrowableOfType(StageFailure.class, () -> test(1, "large", "huge"));
        assertThat(failure.blame()).isEqualTo(Blame.HOST);
        assertThat(failure).hasMessage("large: no answer\npassed on huge");
        assertThat(machines.running).isEmpty();
        assertThat(store.read(RESULTS + "large/results.xml")).contains("an instance boots and is reached", "no answer");
        assertThat(store.read("builds/k3f9x2ma/console-t1-large.log")).isEqualTo("console of large\n");
    }

    @Test
    void ofASecondInstanceThatIsNotReachedTheConsoleIsKeptBesideThatOfTheFirst() throws Exception {
        machines.unreachable = NAMES.testInstance(Tiny.build(), 2);
        var failure = catchThrowableOfType(StageFailure.class, () -> test(1, tiny.twoOn("large")));
        assertThat(failure).hasMessage("large: no answer");
        assertThat(machines.running).isEmpty();
        assertThat(store.read("builds/k3f9x2ma/console-t1-large.log")).isEqualTo("console of large\n");
        assertThat(store.read("builds/k3f9x2ma/console-t2-large.log")).isEqualTo("console of large, the second\n");
    }

    @Test
    void ofAnInstanceThatNeverRunsTheConsoleIsKeptAndItGoes() throws Exception {
        machines.neverRuns = "large";
        var failure = catchThrowableOfType(StageFailure.class, () -> test(1, "large"));
        assertThat(failure).hasMessage("large: still BUILD");
        assertThat(machines.running).isEmpty();
        assertThat(store.read("builds/k3f9x2ma/console-t1-large.log")).isEqualTo("console of large\n");
    }

    @Test
    void ofAnInstanceOnWhichTheStageIsToldToStopTheConsoleIsKeptAndItGoes() throws Exception {
        machines.silent = "large";
        var ended = new CompletableFuture<Throwable>();
        var stage = Thread.ofVirtual().start(() -> ended.complete(catchThrowable(() -> test(1, "large"))));
        assertThat(machines.connecting.await(30, TimeUnit.SECONDS)).isTrue();
        stage.interrupt();
        assertThat(ended.get(30, TimeUnit.SECONDS)).hasMessage("the library was interrupted");
        assertThat(machines.running).isEmpty();
        assertThat(store.read("builds/k3f9x2ma/console-t1-large.log")).isEqualTo("console of large\n");
    }

    @Test
    void whatCanNotBeKeptOrRemovedDoesNotHideTheFailure() {
        machines.unreachable = "large";
        machines.stays = true;
        assertThat(catchThrowableOfType(StageFailure.class, () -> test(1, "large")))
                .hasMessage("large: no answer");
    }

    @Test
    void whatAnImageFailsOnOneOutweighsThatAnotherWasNotReached() {
        machines.unreachable = "large";
        var failure = catchThrowableOfType(StageFailure.class, () -> test(1, "large", "small"));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessageContainingAll("large: no answer", "small: 1 of 2 tests failed");
    }

    @Test
    void afterACrashAFlavorThatHasPassedIsNotRepeatedAndANewAttemptRepeatsAll() throws Exception {
        machines.killedAt = "huge";
        catchThrowableOfType(InterruptedException.class, () -> test(1, "large", "huge"));
        assertThat(machines.booted).containsExactly("large");

        machines.killedAt = "";
        var tested = test(1, "large", "huge");
        assertThat(machines.booted).containsExactly("large", "huge");
        assertThat(tested.flavors()).extracting(Flavor::passed).containsExactly(2, 2);
        assertThat(tested.flavors()).extracting(Flavor::bootSeconds).containsExactly(7.0, 7.0);

        test(2, "large", "huge");
        assertThat(machines.booted).containsExactly("large", "huge", "large", "huge");
    }

    @Test
    void aFlavorForWhichThereIsNoRoomHasNotFailed() {
        machines.full = "huge";
        assertThat(catchThrowableOfType(NoRoom.class, () -> test(1, "large", "huge")))
                .hasMessage("10 of 10 are used");
        assertThat(found(1, "large", "huge")).extracting(Flavor::name).containsExactly("large");
    }

    @Test
    void flavorsThatAreNotThereOrTooSmallAreToldBeforeThereIsAHost() throws Exception {
        var flavors = new TestFlavors(new Instances(List.of(machines)), registries);
        flavors.check(tiny.on("small", "large"), "west");
        assertThat(catchThrowableOfType(StageFailure.class, () -> flavors.check(tiny.on("nano"), "west")))
                .hasMessage("tests.flavors: nano has 64 MiB of memory, and the image's min_ram_mib is 128");
        assertThat(catchThrowableOfType(StageFailure.class, () -> flavors.check(tiny.on("m1.none"), "west")))
                .hasMessageContaining("no flavor m1.none");
    }

    @Test
    void whoHasLostTheBuildLeavesTheInstanceOfWhoHasTakenItOver() throws Exception {
        store.write(RESULTS + "large/results.xml", "the new owner's");
        for (var reached : List.of(true, false)) {
            journal = () -> {};
            machines.unreachable = reached ? "" : "large";
            machines.takenOver = () -> journal = () -> {
                throw new LeaseLost(new Lease(Tiny.ID, 1));
            };
            assertThatThrownBy(() -> test(1, "large", "huge")).isInstanceOf(LeaseLost.class);
            assertThat(machines.running.values()).containsExactly("the new owner's");
            assertThat(store.read(RESULTS + "large/results.xml")).startsWith("the new owner's");
            assertThat(store.list("builds/k3f9x2ma")).containsExactly("builds/k3f9x2ma/packages-offered.tsv");
        }
        assertThatThrownBy(this::cleanUp).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> test(1, "large")).isInstanceOf(LeaseLost.class);
        assertThat(machines.running.values()).containsExactly("the new owner's");
    }

    @Test
    void anInstanceThatIsLeftWhileTheJournalIsAwayIsCleanedUp() throws Exception {
        machines.takenOver = () -> journal = () -> {
            throw new JournalAway(new IllegalStateException("no server"));
        };
        assertThatThrownBy(() -> test(1, "large")).isInstanceOf(JournalAway.class);
        assertThat(machines.running).isNotEmpty();
        journal = () -> {};
        cleanUp();
        assertThat(machines.running).isEmpty();
    }

    private void cleanUp() throws Exception {
        var requests = new InMemoryRequests(new InMemoryJournal());
        var build = new Standing(
                Tiny.build(), new Facts(List.of()), folder.resolve("temporary"), false, () -> journal.run());
        Files.createDirectories(build.folder());
        new CleanUp(new Instances(List.of(machines)), Handovers.overSsh(), registries, store, requests, NAMES)
                .run(build);
    }

    private List<Flavor> found(int attempt, String... flavors) {
        return new FlavorResults(store, RESULTS.substring(0, RESULTS.length() - 1)).of(List.of(flavors), attempt);
    }

    private ImageTested test(int attempt, String... flavors) throws Exception {
        return test(attempt, tiny.on(flavors));
    }

    private ImageTested test(int attempt, ImageDefinition definition) throws Exception {
        var suite = new BaselineSuite(SuitePolicy.defaults(), InstantSource.system());
        InstantSource clock = () -> Standing.NOW.plusSeconds(7);
        var tests = new InstanceTests(
                new Instances(List.of(machines)),
                registries,
                machines,
                tiny,
                store,
                suite,
                HostPolicy.defaults(),
                NAMES,
                clock);
        var build = Tiny.build(Tiny.ID, Parameters.of("tiny"), attempt);
        var built = new ImageBuilt("image", PlainMeasurer.of(IMAGE), 1L << 30, "packages", 1, null, null, List.of());
        var inputs = Tiny.inputs(definition, Tiny.RELEASE, "west");
        return new TestImage(tests, registries, store, new PlainMeasurer())
                .run(new Standing(
                        build, new Facts(List.of(inputs, built, registered)), folder, false, () -> journal.run()));
    }

    /** Instances in name only, and the way to them. */
    private static final class Machines implements TestInstances, Remote {
        private static final Map<String, HostSize> FLAVORS = Map.of(
                "nano", new HostSize(1, 64, 1),
                "small", new HostSize(1, 512, 5),
                "large", new HostSize(2, 2048, 20),
                "huge", new HostSize(8, 8192, 80));

        private final List<String> booted = new CopyOnWriteArrayList<>();
        private final Map<String, String> running = new ConcurrentSkipListMap<>();
        private final Map<String, String> consoles = new ConcurrentHashMap<>();
        private String unreachable = "";
        private String killedAt = "";
        private String full = "";
        private String neverRuns = "";
        private String silent = "";
        private boolean stays;
        private final CountDownLatch connecting = new CountDownLatch(1);
        private @Nullable Runnable takenOver;

        @Override
        public Availability availability() {
            return new Availability(true, "in name only", "");
        }

        @Override
        public int patience() {
            return 1;
        }

        @Override
        public HostSize flavor(String name) throws StageFailure {
            var size = FLAVORS.get(name);
            if (size == null) {
                throw new StageFailure(Blame.IMAGE, "no flavor " + name, "Choose another.");
            }
            return size;
        }

        @Override
        public TestInstance boot(InstanceRequest request, StageLog log) throws StageFailure, InterruptedException {
            var flavor = String.valueOf(request.flavor());
            if (flavor.equals(killedAt)) {
                throw new InterruptedException("killed");
            }
            if (flavor.equals(full)) {
                throw new NoRoom("10 of 10 are used", "");
            }
            assertThat(request.size()).isEqualTo(FLAVORS.get(flavor));
            booted.add(flavor);
            running.put(request.name(), flavor);
            consoles.put(
                    request.name(), "console of " + flavor + (request.name().endsWith("-t2") ? ", the second" : ""));
            if (flavor.equals(neverRuns)) {
                throw new StageFailure(Blame.CLOUD, "still BUILD", "Ask the cloud's operator.");
            }
            var machine = new BuildHost(
                    HostKind.QEMU, request.name(), "here", 22, request.user(), null, flavor, Standing.NOW);
            return new TestInstance(machine, "TCG", "");
        }

        @Override
        public String console(String name) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            return consoles.getOrDefault(name, "");
        }

        @Override
        public void destroy(String name) throws StageFailure {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            if (stays) {
                throw new StageFailure(Blame.CLOUD, "it does not go", "");
            }
            running.remove(name);
        }

        @Override
        public List<String> list() {
            return List.copyOf(running.keySet());
        }

        @Override
        public SshKey key(Path folder, String name, String comment) {
            return new SshKey(folder.resolve(name), "ssh-ed25519 AAAA " + comment);
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) throws StageFailure {
            if (takenOver != null) {
                takenOver.run();
                running.put(host.name(), "the new owner's");
            }
            if (host.detail().equals(silent)) {
                connecting.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("the library was interrupted");
                }
            }
            if (List.of(host.detail(), host.name()).contains(unreachable)) {
                throw new StageFailure(Blame.HOST, "no answer", "Look at its console.");
            }
            return new LocalConnection();
        }

        @Override
        public String commandLine(BuildHost host, SshKey userKey) {
            return "ssh";
        }
    }
}
