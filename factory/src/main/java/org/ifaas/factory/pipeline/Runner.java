package org.ifaas.factory.pipeline;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one build at a time a call: takes it over, runs its attempts, ends it. Whatever happened to the node that carried
 * it before, the journal says what is true, and that is where it goes on.
 */
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

    private final Journal journal;
    private final Logs logs;
    private final Pipelines pipelines;
    private final Policy policy;
    private final Function<Parameters, Path> folders;
    private final InstantSource clock;

    /** @param folders where builds have their folders: those with such parameters */
    public Runner(
            Journal journal,
            Logs logs,
            Pipelines pipelines,
            Policy policy,
            Function<Parameters, Path> folders,
            InstantSource clock) {
        this.journal = journal;
        this.logs = logs;
        this.pipelines = pipelines;
        this.policy = policy;
        this.folders = folders;
        this.clock = clock;
    }

    /**
     * Carries the build to its end, or puts it back into the queue where there is no room for it.
     *
     * @throws InterruptedException when the factory stops; the build stays as the journal has it and is resumed later
     * @throws JournalAway the same, when the journal does
     * @throws IllegalStateException the same, when a disk is so full that the build has no folder
     */
    public void carry(BuildId id) throws InterruptedException {
        var found = journal.find(id);
        if (found.isEmpty() || found.get().state().ended()) {
            return;
        }
        var lease = journal.take(id, clock.instant());
        try {
            LOG.info(
                    "build {} of {}: carrying it on in epoch {}",
                    id,
                    found.get().parameters().image(),
                    lease.epoch());
            carry(lease);
        } catch (LeaseLost lost) {
            LOG.warn("{}; this node leaves it alone", lost.getMessage());
        } catch (JournalAway away) {
            throw away;
        } catch (IOException | RuntimeException e) {
            if (FullDisk.isBehind(e)) {
                throw new IllegalStateException("a disk of the factory is full: make space on it", e);
            }
            LOG.error("build {}: the factory failed", id, e);
            end(lease, new Outcome.Failed(StageName.CLEAN_UP, Blame.FACTORY, "the factory failed: " + e));
        }
    }

    private void carry(Lease lease) throws IOException, InterruptedException {
        while (true) {
            var build = journal.check(lease);
            var folder = folder(build);
            var outcome = new Attempt(journal, logs, pipelines.of(build), policy, folder, clock, lease, build).run();
            if (outcome instanceof Outcome.Queued) {
                LOG.info("build {}: {}, {}", lease.build(), outcome.state(), outcome.reason());
                if (journal.queued(lease, outcome.reason()).cancelRequested()) {
                    continue;
                }
                return;
            }
            if (!policy.triesAgain(build.attempt(), outcome)) {
                removeIfEmpty(folder);
                end(lease, outcome);
                return;
            }
            var pause = policy.pause(build.attempt());
            LOG.info(
                    "build {}: {}, {}; a new attempt in {} s",
                    lease.build(),
                    outcome.state(),
                    outcome.reason(),
                    pause.toSeconds());
            if (!waited(pause, lease)) {
                end(lease, new Outcome.Cancelled());
                return;
            }
            journal.nextAttempt(lease);
        }
    }

    /** Whether nobody cancelled the build meanwhile. */
    private boolean waited(Duration pause, Lease lease) throws InterruptedException {
        var until = clock.instant().plus(pause);
        while (!journal.cancelRequested(lease)) {
            if (!clock.instant().isBefore(until)) {
                return true;
            }
            Thread.sleep(policy.check());
        }
        return false;
    }

    private void end(Lease lease, Outcome outcome) {
        journal.end(lease, outcome.state(), outcome.reason(), clock.instant());
        logs.closeAll(lease.build());
        LOG.info("build {}: {}, {}", lease.build(), outcome.state(), outcome.reason());
    }

    /** The last stage has removed it; but a factory that was killed since has made it anew. */
    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException kept) {
            // What a kept host needs.
        }
    }

    private Path folder(Build build) throws IOException {
        var all = folders.apply(build.parameters());
        var folder = all.resolve(build.id().value());
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(all);
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }
}
