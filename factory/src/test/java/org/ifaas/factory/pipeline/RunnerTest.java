package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RunnerTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folders;

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryLogs logs = new InMemoryLogs();
    private final TestStages stages = new TestStages();
    private final AtomicReference<Instant> now = new AtomicReference<>(T0);
    private final InstantSource clock = this::look;
    private final Build build = journal.create(BuildId.random(), Parameters.of("debian-12"), "alice", T0);

    private Duration pause = Duration.ZERO;
    /** How much time passes between two looks at the clock. */
    private volatile Duration betweenLooks = Duration.ZERO;

    private Instant look() {
        return now.updateAndGet(time -> time.plus(betweenLooks));
    }

    private Runner runner() {
        return runner(journal);
    }

    private Runner runner(Journal journal) {
        var policy = new Policy(3, pause, Policy.defaults().limits(), Duration.ofSeconds(10), Duration.ofMillis(5));
        return new Runner(journal, logs, stages.pipelines(), policy, of -> folders, clock);
    }

    private Build carry() throws InterruptedException {
        runner().carry(build.id());
        return journal.find(build.id()).orElseThrow();
    }

    /** A node that has come so far, and carries on. */
    private Thread carryUntil(CountDownLatch reached) throws InterruptedException {
        var node = Thread.ofVirtual().start(() -> {
            try {
                runner().carry(build.id());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
        return node;
    }

    private void stopWhen(CountDownLatch reached) throws InterruptedException {
        var node = carryUntil(reached);
        node.interrupt();
        node.join();
    }

    private StageState state(int attempt, StageName stage) {
        return journal.stageRuns(build.id(), attempt).stream()
                .filter(run -> run.stage() == stage)
                .map(StageRun::state)
                .findFirst()
                .orElse(StageState.WAITING);
    }

    @Test
    void allFifteenStagesRunOnceAndTheBuildSucceeds() throws Exception {
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran()).containsExactlyInAnyOrder(StageName.values());
        assertThat(stages.ran().subList(13, 15)).containsExactly(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aTestRunsItsStagesAndShowsTheOthersAsNoPartOfIt() throws Exception {
        var test = journal.create(BuildId.random(), Parameters.test("debian-12", null, "a.qcow2"), "alice", T0);
        runner().carry(test.id());
        assertThat(journal.find(test.id()).orElseThrow().reason()).isEqualTo("the image has passed its tests");
        assertThat(stages.ran())
                .containsExactly(
                        StageName.INITIALIZE,
                        StageName.BUILD_IMAGE,
                        StageName.REGISTER_PRIVATE_IMAGE,
                        StageName.TEST_IMAGE,
                        StageName.CLEAN_UP);
        var runs = journal.stageRuns(test.id(), 1);
        assertThat(runs).hasSize(15);
        assertThat(runs.stream().filter(run -> run.state() == StageState.SKIPPED))
                .hasSize(10)
                .allSatisfy(run -> assertThat(run.message()).isEqualTo("not part of a test"));
    }

    @Test
    void aTestThatFailedIsTriedAgainOnRequest() throws Exception {
        var test = journal.create(BuildId.random(), Parameters.test("debian-12", null, "a.qcow2"), "alice", T0);
        stages.in(StageName.TEST_IMAGE, b -> {
            throw new StageFailure(Blame.IMAGE, "2 of 30 tests failed", "Mend the image.");
        });
        runner().carry(test.id());
        assertThat(journal.find(test.id()).orElseThrow().state()).isEqualTo(BuildState.FAILED);

        stages.in(StageName.TEST_IMAGE, b -> {});
        new Builds(journal, id -> {}, stages.pipelines(), new InMemoryAuditLog(clock), clock)
                .retry(test.id(), StageName.REGISTER_PRIVATE_IMAGE, "alice");
        runner().carry(test.id());
        assertThat(journal.find(test.id()).orElseThrow().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.REGISTER_PRIVATE_IMAGE::equals))
                .hasSize(2);
        assertThat(stages.ran().stream().filter(StageName.BUILD_IMAGE::equals)).hasSize(1);
    }

    @Test
    void stagesWhoseNeedsAreMetOverlap() throws Exception {
        var bothRun = new CountDownLatch(2);
        TestStages.Behaviour meet = b -> {
            bothRun.countDown();
            assertThat(bothRun.await(30, TimeUnit.SECONDS)).isTrue();
        };
        stages.in(StageName.REGISTER_PRIVATE_IMAGE, meet);
        stages.in(StageName.HASH_IMAGE, meet);
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void aStageWhoseLibraryMakesAFailureOfTheStopIsNotFailedByIt() throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(StageName.BUILD_IMAGE, b -> {
            reached.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException told) {
                throw new IllegalStateException("the client is closed");
            }
        });
        stopWhen(reached);
        assertThat(state(1, StageName.BUILD_IMAGE)).isEqualTo(StageState.RUNNING);

        stages.in(StageName.BUILD_IMAGE, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void aFailureOfTheImageEndsTheBuildAndOnlyTheStagesThatRunAlwaysFollow() throws Exception {
        stages.in(StageName.TEST_IMAGE, b -> {
            throw new StageFailure(Blame.IMAGE, "2 of 30 tests failed", "Mend the image.");
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(ended.reason()).contains("Test image", "2 of 30 tests failed");
        assertThat(stages.ran())
                .contains(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST)
                .doesNotContain(StageName.COPY_TO_REGIONS, StageName.SIGN_IMAGE, StageName.REQUEST_PUBLICATION);
    }

    @Test
    void aFailureOfTheHostIsTriedAgainOnAFreshOne() throws Exception {
        var tries = new AtomicInteger();
        stages.in(StageName.CONFIGURE_BUILD_HOST, b -> {
            if (tries.incrementAndGet() < 3) {
                throw new StageFailure(Blame.HOST, "the disk is broken", "");
            }
        });
        stages.in(StageName.DESTROY_BUILD_HOST, b -> stages.isGone(TestStages.Spawned.class));
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(ended.attempt()).isEqualTo(3);
        assertThat(stages.ran().stream().filter(StageName.SPAWN_BUILD_HOST::equals))
                .hasSize(3);
        assertThat(stages.ran().stream().filter(StageName.INITIALIZE::equals)).hasSize(1);
        assertThat(stages.ran().stream().filter(StageName.DESTROY_BUILD_HOST::equals))
                .hasSize(3);
    }

    @Test
    void aHostThatItsRequesterKeepsIsTheLastOneAndNoAttemptGoesOnOnAnEarlierOne() throws Exception {
        journal.keepHost(build.id(), Duration.ofHours(4));
        stages.in(StageName.BUILD_IMAGE, b -> {
            throw new StageFailure(Blame.HOST, "the builder was killed", "");
        });
        var left = new ArrayList<Optional<TestStages.Spawned>>();
        stages.in(StageName.DESTROY_BUILD_HOST, b -> left.add(b.find(TestStages.Spawned.class)));
        assertThat(carry().state()).isEqualTo(BuildState.FAILED);
        assertThat(left).containsExactly(Optional.empty(), Optional.empty(), Optional.of(new TestStages.Spawned(3)));
        assertThat(stages.ran().stream().filter(StageName.CONFIGURE_BUILD_HOST::equals))
                .hasSize(3);
        assertThat(stages.ran().stream().filter(StageName.INITIALIZE::equals)).hasSize(1);
    }

    @Test
    void aHostThatItsRequesterKeepsStaysThroughAttemptsThatNeedNone() throws Exception {
        journal.keepHost(build.id(), Duration.ofHours(4));
        stages.in(StageName.COPY_TO_REGIONS, b -> {
            throw new StageFailure(Blame.CLOUD, "the region does not answer", "");
        });
        var left = new ArrayList<Optional<TestStages.Spawned>>();
        stages.in(StageName.DESTROY_BUILD_HOST, b -> left.add(b.find(TestStages.Spawned.class)));
        assertThat(carry().attempt()).isEqualTo(3);
        assertThat(left).hasSize(3).containsOnly(Optional.of(new TestStages.Spawned(1)));
    }

    @Test
    void eachFurtherAttemptWaitsLongerForWhatIsDown() throws Exception {
        pause = Duration.ofMinutes(1);
        var begun = new ArrayList<Instant>();
        stages.in(StageName.SPAWN_BUILD_HOST, b -> {
            begun.add(clock.instant());
            throw new StageFailure(Blame.CLOUD, "no quota", "");
        });
        var running = new AtomicBoolean(true);
        var time = Thread.ofVirtual().start(() -> {
            while (running.get()) {
                now.updateAndGet(instant -> instant.plusSeconds(1));
                LockSupport.parkNanos(100_000);
            }
        });
        assertThat(carry().state()).isEqualTo(BuildState.FAILED);
        running.set(false);
        time.join();
        assertThat(begun).hasSize(3);
        assertThat(begun.get(1)).isAfterOrEqualTo(begun.get(0).plusSeconds(60));
        assertThat(begun.get(2)).isAfterOrEqualTo(begun.get(1).plusSeconds(120));
    }

    @Test
    void aBuildThatWaitsForItsNextAttemptCanBeCancelled() throws Exception {
        pause = Duration.ofDays(1);
        stages.in(StageName.SPAWN_BUILD_HOST, b -> {
            throw new StageFailure(Blame.CLOUD, "no quota", "");
        });
        stages.in(StageName.DESTROY_BUILD_HOST, b -> journal.requestCancel(b.id()));
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(stages.ran()).contains(StageName.DESTROY_BUILD_HOST);
    }

    private static TestStages.Behaviour full(String used) {
        return b -> {
            throw new NoRoom(used, "Have the quota raised.");
        };
    }

    @Test
    void aBuildForWhichThereIsNoRoomWaitsInTheQueueAndGoesOnWhenThereIs() throws Exception {
        stages.roomFor(StageName.SPAWN_BUILD_HOST, full("10 of 10 are used"));
        for (int look = 0; look < 5; look++) {
            var waits = carry();
            assertThat(waits.state()).isEqualTo(BuildState.QUEUED);
            assertThat(waits.reason()).isEqualTo("10 of 10 are used");
            assertThat(waits.attempt()).isEqualTo(1);
            assertThat(state(1, StageName.SPAWN_BUILD_HOST)).isEqualTo(StageState.WAITING);
            now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
        }
        assertThat(stages.ran()).containsExactly(StageName.INITIALIZE);

        stages.roomFor(StageName.SPAWN_BUILD_HOST, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran()).containsExactlyInAnyOrder(StageName.values());
    }

    @Test
    void theLastRoomMayBeTakenByAnotherWhileTheStageBegins() throws Exception {
        stages.in(StageName.SPAWN_BUILD_HOST, full("10 of 10 are used"));
        assertThat(carry().state()).isEqualTo(BuildState.QUEUED);
        assertThat(state(1, StageName.SPAWN_BUILD_HOST)).isEqualTo(StageState.WAITING);
        stages.in(StageName.SPAWN_BUILD_HOST, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void aBuildThatWaitsForRoomCanBeCancelled() throws Exception {
        stages.roomFor(StageName.SPAWN_BUILD_HOST, full("10 of 10 are used"));
        carry();
        journal.requestCancel(build.id());
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(stages.ran())
                .containsExactly(StageName.INITIALIZE, StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aCancelThatComesWhileRoomIsLookedForIsNotForgotten() throws Exception {
        stages.roomFor(StageName.SPAWN_BUILD_HOST, b -> {
            journal.requestCancel(b.id());
            throw new NoRoom("10 of 10 are used", "");
        });
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
    }

    @Test
    void aCloudThatDoesNotSayWhetherThereIsRoomHoldsUpNoCancel() throws Exception {
        stages.roomFor(StageName.SPAWN_BUILD_HOST, b -> {
            journal.requestCancel(b.id());
            Thread.sleep(Duration.ofHours(1));
        });
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(stages.ran()).endsWith(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void whileAnImageWaitsForItsTestItsHostIsGivenBackAndTheOtherStagesGoOn() throws Exception {
        var tested = new CountDownLatch(1);
        stages.roomFor(StageName.TEST_IMAGE, b -> {
            tested.countDown();
            throw new NoRoom("10 of 10 are used", "");
        });
        stages.in(
                StageName.HASH_IMAGE,
                b -> assertThat(tested.await(30, TimeUnit.SECONDS)).isTrue());
        stages.in(StageName.DESTROY_BUILD_HOST, b -> stages.isGone(TestStages.Spawned.class));
        assertThat(carry().state()).isEqualTo(BuildState.QUEUED);
        assertThat(stages.ran())
                .contains(StageName.HASH_IMAGE)
                .endsWith(StageName.DESTROY_BUILD_HOST)
                .doesNotContain(StageName.TEST_IMAGE, StageName.CLEAN_UP);

        stages.roomFor(StageName.TEST_IMAGE, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.BUILD_IMAGE::equals)).hasSize(1);
        assertThat(stages.ran().stream().filter(StageName.SPAWN_BUILD_HOST::equals))
                .hasSize(1);
        assertThat(stages.ran()).endsWith(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    /** Stage 11 does this while stage 9 waits for room. */
    private void whileTheTestWaits(TestStages.Behaviour behaviour) {
        var look = new CompletableFuture<Thread>();
        stages.roomFor(StageName.TEST_IMAGE, b -> {
            look.complete(Thread.currentThread());
            throw new NoRoom("10 of 10 are used", "");
        });
        stages.in(StageName.HASH_IMAGE, b -> {
            look.join().join();
            behaviour.run(b);
        });
    }

    @Test
    void aCancelDoesNotWaitForWhatGoesOnWhileOneStageWaitsForRoom() throws Exception {
        whileTheTestWaits(b -> {
            journal.requestCancel(b.id());
            Thread.sleep(Duration.ofHours(1));
        });
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(state(1, StageName.HASH_IMAGE)).isEqualTo(StageState.CANCELLED);
        assertThat(stages.ran()).endsWith(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aStageThatTakesTooLongIsEndedWhileAnotherWaitsForRoom() throws Exception {
        whileTheTestWaits(b -> {
            betweenLooks = Duration.ofMinutes(10);
            Thread.sleep(Duration.ofHours(1));
        });
        stages.in(StageName.DESTROY_BUILD_HOST, b -> betweenLooks = Duration.ZERO);
        assertThat(carry().state()).isEqualTo(BuildState.QUEUED);
        assertThat(state(1, StageName.HASH_IMAGE)).isEqualTo(StageState.FAILED);
    }

    @Test
    void aBuildThatWaitedWhenItsNodeDiedIsLookedAtAgain() throws Exception {
        var reached = new CountDownLatch(1);
        stages.roomFor(StageName.SPAWN_BUILD_HOST, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        stages.roomFor(StageName.SPAWN_BUILD_HOST, full("10 of 10 are used"));
        assertThat(carry().state()).isEqualTo(BuildState.QUEUED);
        stages.roomFor(StageName.SPAWN_BUILD_HOST, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.INITIALIZE::equals)).hasSize(1);
    }

    @Test
    void attemptsAreUsedUp() throws Exception {
        stages.in(StageName.SPAWN_BUILD_HOST, b -> {
            throw new StageFailure(Blame.CLOUD, "no quota", "");
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.attempt()).isEqualTo(3);
    }

    @Test
    void aNewAttemptKeepsTheImageAndSpawnsNoHost() throws Exception {
        var tries = new AtomicInteger();
        stages.in(StageName.COPY_TO_REGIONS, b -> {
            if (tries.incrementAndGet() == 1) {
                throw new StageFailure(Blame.CLOUD, "the region does not answer", "");
            }
        });
        stages.in(StageName.DESTROY_BUILD_HOST, b -> stages.isGone(TestStages.Spawned.class));
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.BUILD_IMAGE::equals)).hasSize(1);
        assertThat(stages.ran().stream().filter(StageName.SPAWN_BUILD_HOST::equals))
                .hasSize(1);
        assertThat(state(2, StageName.BUILD_IMAGE)).isEqualTo(StageState.SKIPPED);
        assertThat(state(2, StageName.SPAWN_BUILD_HOST)).isEqualTo(StageState.SKIPPED);
    }

    @Test
    void whenThereIsNothingToDoNoHostIsSpawned() throws Exception {
        stages.thereIsNothingToDo("nothing to do: the same as debian-12/20260101-abcdefgh");
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.UNCHANGED);
        assertThat(ended.reason()).contains("debian-12/20260101-abcdefgh");
        assertThat(stages.ran())
                .containsExactly(StageName.INITIALIZE, StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aCancelledBuildEndsAndCleansUp() throws Exception {
        stages.in(StageName.BUILD_IMAGE, b -> {
            journal.requestCancel(b.id());
            Thread.sleep(Duration.ofMinutes(1));
        });
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(state(1, StageName.BUILD_IMAGE)).isEqualTo(StageState.CANCELLED);
        assertThat(stages.ran()).endsWith(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aCancelThatComesWhenAllIsDoneComesTooLate() throws Exception {
        stages.in(StageName.REQUEST_PUBLICATION, b -> journal.requestCancel(b.id()));
        stages.in(StageName.CLEAN_UP, b -> assertThat(b.failed()).isFalse());
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void whatTheLastStageHasDoneAlthoughItWasToldToStopIsDone() throws Exception {
        stages.in(StageName.REQUEST_PUBLICATION, b -> {
            journal.requestCancel(b.id());
            assertThatThrownBy(() -> new CountDownLatch(1).await()).isInstanceOf(InterruptedException.class);
        });
        stages.in(StageName.CLEAN_UP, b -> assertThat(b.failed()).isFalse());
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void aCancelledBuildWhoseLastStageIsNotDoneIsCancelled() throws Exception {
        stages.in(StageName.REQUEST_PUBLICATION, b -> {
            journal.requestCancel(b.id());
            Thread.sleep(Duration.ofHours(1));
        });
        stages.in(StageName.CLEAN_UP, b -> assertThat(b.failed()).isTrue());
        assertThat(carry().state()).isEqualTo(BuildState.CANCELLED);
    }

    @Test
    void aCancelThatComesWhileItIsCleanedUpComesTooLateOnTheNextNodeToo() throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(StageName.CLEAN_UP, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        journal.requestCancel(build.id());
        stages.in(StageName.CLEAN_UP, b -> assertThat(b.failed()).isFalse());
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
    }

    @Test
    void theStagesThatRunAlwaysAreToldWhetherTheBuildFailed() throws Exception {
        var told = new AtomicReference<Boolean>();
        stages.in(StageName.CLEAN_UP, b -> told.set(b.failed()));
        carry();
        assertThat(told.get()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(StageName.class)
    void aBuildWhoseNodeStopsInAnyStageIsCarriedOnFromThere(StageName stage) throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(stage, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        assertThat(journal.find(build.id()).orElseThrow().state()).isEqualTo(BuildState.RUNNING);

        stages.in(stage, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.BUILD_IMAGE::equals)).hasSize(1);
        assertThat(EnumSet.copyOf(stages.ran())).isEqualTo(EnumSet.allOf(StageName.class));
    }

    @Test
    void aRegionThatIsDownLeavesTheBuildPartialAndARetryCopiesOnly() throws Exception {
        var failed = new AtomicBoolean();
        stages.in(StageName.COPY_TO_REGIONS, b -> {
            throw new StageFailure(Blame.CLOUD, "RegionTwo does not answer", "Try again.");
        });
        stages.in(StageName.SIGN_IMAGE, b -> {
            while (state(1, StageName.COPY_TO_REGIONS) != StageState.FAILED) {
                Thread.sleep(1);
            }
        });
        stages.in(StageName.CLEAN_UP, b -> failed.compareAndSet(false, b.failed()));
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.PARTIAL);
        assertThat(ended.attempt()).isEqualTo(3);
        assertThat(ended.reason()).contains("RegionTwo does not answer");
        assertThat(failed).as("its images are kept").isFalse();
        assertThat(stages.ran()).contains(StageName.SIGN_IMAGE).doesNotContain(StageName.REQUEST_PUBLICATION);

        int before = stages.ran().size();
        stages.in(StageName.COPY_TO_REGIONS, b -> {});
        journal.reopen(build.id(), Set.of(), T0);
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().subList(before, stages.ran().size()))
                .containsExactly(
                        StageName.COPY_TO_REGIONS,
                        StageName.REQUEST_PUBLICATION,
                        StageName.CLEAN_UP,
                        StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void ofAPublicReleaseWhoseFilesAreGoneNothingIsMadeAgain() throws Exception {
        carry();
        int before = stages.ran().size();
        stages.isPublic(build.id());
        stages.isGone(TestStages.Built.class);
        journal.reopen(build.id(), Set.of(), T0);
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.reason()).contains("Build image", "is gone", "its release is public");
        assertThat(stages.ran().subList(before, stages.ran().size()))
                .containsExactly(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
        assertThat(journal.facts(build.id()).has(TestStages.Sealed.class)).isTrue();
        assertThat(journal.stageRuns(build.id(), 2)).anySatisfy(run -> {
            assertThat(run.stage()).isEqualTo(StageName.BUILD_IMAGE);
            assertThat(run.state()).isEqualTo(StageState.FAILED);
            assertThat(run.blame()).isEqualTo(Blame.FACTORY);
            assertThat(run.mend()).contains("put back what is gone", "Build anew.");
        });
    }

    @Test
    void aPublicReleaseThatARegionHasLostIsCopiedThereWithoutASeal() throws Exception {
        carry();
        int before = stages.ran().size();
        stages.isPublic(build.id());
        stages.isGone(TestStages.Copied.class);
        stages.isGone(TestStages.Registered.class);
        journal.reopen(build.id(), Set.of(), T0);
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().subList(before, stages.ran().size()))
                .contains(StageName.REGISTER_PRIVATE_IMAGE, StageName.COPY_TO_REGIONS, StageName.REQUEST_PUBLICATION)
                .doesNotContain(StageName.TEST_IMAGE, StageName.SIGN_IMAGE);
    }

    @Test
    void aPartialAttemptThatAnotherNodeCarriesOnStaysPartial() throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(StageName.COPY_TO_REGIONS, b -> {
            throw new StageFailure(Blame.CLOUD, "RegionTwo does not answer", "Try again.");
        });
        stages.in(StageName.CLEAN_UP, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        stages.in(StageName.CLEAN_UP, b -> assertThat(b.failed()).isFalse());
        assertThat(carry().state()).isEqualTo(BuildState.PARTIAL);
    }

    @Test
    void anImageThatFailsBesideARegionThatIsDownIsAFailure() throws Exception {
        stages.in(StageName.COPY_TO_REGIONS, b -> {
            throw new StageFailure(Blame.CLOUD, "RegionTwo does not answer", "Try again.");
        });
        stages.in(StageName.SIGN_IMAGE, b -> {
            while (state(1, StageName.COPY_TO_REGIONS) != StageState.FAILED) {
                Thread.sleep(1);
            }
            throw new StageFailure(Blame.FACTORY, "the key has expired", "Make a new one.");
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.reason()).contains("the key has expired");
    }

    @Test
    void aNodeThatLostItsLeaseStopsAndWritesNothing() throws Exception {
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        stages.in(StageName.BUILD_IMAGE, b -> {
            reached.countDown();
            release.await();
        });
        var first = carryUntil(reached);
        var lease = journal.take(build.id(), T0);
        release.countDown();
        first.join();
        assertThat(journal.facts(build.id()).has(TestStages.Built.class)).isFalse();
        assertThat(stages.ran()).doesNotContain(StageName.CLEAN_UP);
        assertThatThrownBy(() -> journal.check(new Lease(build.id(), lease.epoch() - 1)))
                .isInstanceOf(LeaseLost.class);
    }

    @ParameterizedTest
    @EnumSource(StageName.class)
    void aBuildWhoseJournalIsAwayInAStageIsCarriedOnFromThereWhenItIsBack(StageName stage) throws Exception {
        var away = new AtomicBoolean(true);
        stages.in(stage, b -> {
            if (away.getAndSet(false)) {
                throw new JournalAway(new IOException("gone"));
            }
        });
        assertThatThrownBy(() -> runner().carry(build.id())).isInstanceOf(JournalAway.class);
        assertThat(journal.find(build.id()).orElseThrow().state()).isEqualTo(BuildState.RUNNING);

        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(journal.find(build.id()).orElseThrow().attempt()).isOne();
        assertThat(stages.ran()).contains(StageName.values());
    }

    @Test
    void aStageThatTakesLongerThanItsLimitIsEndedAndTheHostBlamed() throws Exception {
        stages.in(StageName.CONNECT_BUILD_HOST, b -> {
            now.updateAndGet(time -> time.plus(Duration.ofHours(5)));
            Thread.sleep(Duration.ofMinutes(1));
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.reason()).contains("took longer than its limit");
        assertThat(journal.stageRuns(build.id(), 3).stream()
                        .filter(run -> run.state() == StageState.FAILED)
                        .map(StageRun::blame))
                .containsExactly(Blame.HOST);
    }

    @Test
    void aStageThatThrowsAnythingElseBlamesTheFactory() throws Exception {
        stages.in(StageName.SIGN_IMAGE, b -> {
            throw new IllegalStateException("a bug");
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(ended.reason()).contains("the factory failed");
        assertThat(stages.ran()).endsWith(StageName.CLEAN_UP, StageName.DESTROY_BUILD_HOST);
    }

    @Test
    void aStageForWhichADiskIsFullSaysSo() throws Exception {
        stages.in(StageName.SIGN_IMAGE, b -> {
            throw new UncheckedIOException(new IOException("seal: No space left on device"));
        });
        var ended = carry();
        assertThat(ended.state()).isEqualTo(BuildState.FAILED);
        assertThat(ended.reason()).contains("a disk of the factory is full");
        assertThat(journal.stageRuns(build.id(), 1))
                .filteredOn(run -> run.state() == StageState.FAILED)
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.blame()).isEqualTo(Blame.FACTORY);
                    assertThat(run.mend()).contains("Make space", "ifaas retry");
                });
    }

    @Test
    void afterARebootAHostThatIsGoneIsSpawnedAgain() throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(StageName.PREPARE_RUN, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        stages.isGone(TestStages.Spawned.class);
        stages.in(StageName.PREPARE_RUN, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.SPAWN_BUILD_HOST::equals))
                .hasSize(2);
        assertThat(stages.ran().stream().filter(StageName.CONNECT_BUILD_HOST::equals))
                .hasSize(2);
    }

    @Test
    void aNodeThatDiesWhileItMakesFactsVoidLeavesNoneThatRestsOnOneThatIs() throws Exception {
        var reached = new CountDownLatch(1);
        stages.in(StageName.REQUEST_PUBLICATION, b -> {
            reached.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        stopWhen(reached);
        stages.isGone(TestStages.Built.class);
        assertThatThrownBy(() -> runner(awayAfterAVoid()).carry(build.id())).isInstanceOf(JournalAway.class);
        var facts = journal.facts(build.id());
        assertThat(facts.has(TestStages.Built.class)).isFalse();
        assertThat(stages.pipeline().stages())
                .filteredOn(stage -> facts.has(stage.makes()))
                .allMatch(stage -> facts.hasAll(stage.restsOn()));

        stages.in(StageName.REQUEST_PUBLICATION, b -> {});
        assertThat(carry().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(stages.ran().stream().filter(StageName.TEST_IMAGE::equals)).hasSize(2);
        assertThat(stages.ran().stream().filter(StageName.SIGN_IMAGE::equals)).hasSize(2);
    }

    /** The journal of a node that reaches it no more once it has made something void. */
    private Journal awayAfterAVoid() {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    try {
                        var answer = method.invoke(journal, arguments);
                        if (method.getName().equals("makeVoid")) {
                            throw new JournalAway(new IOException("gone"));
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
