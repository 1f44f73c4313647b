package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stage at work in a virtual thread of its own. */
final class RunningStage {
    private static final Logger LOG = LoggerFactory.getLogger(RunningStage.class);

    /** How the stage ended. */
    sealed interface Result {}

    record Made(Fact fact) implements Result {}

    record Broken(StageFailure failure) implements Result {}

    record Interrupted() implements Result {}

    /** @param why the build is no longer this node's to carry, or its journal is away */
    record LetGo(RuntimeException why) implements Result {}

    private final Stage<?> stage;
    private final StageContext context;
    private final Logs.Writer log;
    private final Instant started;
    private final Thread thread;
    /** Libraries wrap an interruption in failures of their own, and forget it: what fails after this was interrupted. */
    private volatile boolean toldToStop;

    private volatile boolean tooLong;
    private volatile @Nullable Result result;

    private RunningStage(Stage<?> stage, StageContext context, Logs.Writer log, BlockingQueue<RunningStage> ended) {
        this.stage = stage;
        this.context = context;
        this.log = log;
        this.started = context.now();
        this.thread = Thread.ofVirtual().name(stage.name().slug()).unstarted(() -> {
            result = work();
            ended.add(this);
        });
    }

    static RunningStage start(
            Stage<?> stage, StageContext context, Logs.Writer log, BlockingQueue<RunningStage> ended) {
        var running = new RunningStage(stage, context, log, ended);
        running.thread.start();
        return running;
    }

    private Result work() {
        try {
            return new Made(stage.run(context));
        } catch (StageFailure failure) {
            if (toldToStop) {
                return interrupted();
            }
            return broken(failure);
        } catch (InterruptedException e) {
            return interrupted();
        } catch (LeaseLost | JournalAway e) {
            return new LetGo(e);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            if (toldToStop) {
                return interrupted();
            }
            LOG.error("build {}, {}", context.id(), stage.name().title(), e);
            if (FullDisk.isBehind(e)) {
                return broken(new StageFailure(
                        Blame.FACTORY,
                        "a disk of the factory is full: " + e,
                        "Make space on it ('ifaas doctor' shows how much there is), then 'ifaas retry'.",
                        e));
            }
            return broken(new StageFailure(
                    Blame.FACTORY,
                    "the factory failed: " + e,
                    "The factory's own log has the details; retry the build when mended.",
                    e));
        }
    }

    private Result broken(StageFailure failure) {
        if (failure instanceof NoRoom) {
            log.line("waits for room: %s", failure.getMessage());
        } else {
            log.line("FAILED: %s", failure.getMessage());
            log.line("blame: %s. %s", failure.blame(), failure.mend());
        }
        return new Broken(failure);
    }

    private Result interrupted() {
        return tooLong ? new Broken(tookTooLong()) : new Interrupted();
    }

    private StageFailure tookTooLong() {
        var blame = switch (stage.name()) {
            case REGISTER_PRIVATE_IMAGE, COPY_TO_REGIONS -> Blame.CLOUD;
            default -> Blame.HOST;
        };
        return new StageFailure(
                blame,
                stage.name().title() + " took longer than its limit of " + context.limit(),
                "If it needs that long, raise limits." + stage.name().slug() + " in the configuration.");
    }

    StageName name() {
        return stage.name();
    }

    Logs.Writer log() {
        return log;
    }

    Result result() {
        var ended = result;
        if (ended == null) {
            throw new IllegalStateException(stage.name() + " still runs");
        }
        return ended;
    }

    void interrupt() {
        toldToStop = true;
        thread.interrupt();
    }

    void interruptAfter(Duration limit, Instant now) {
        if (!toldToStop && started.plus(limit).isBefore(now)) {
            tooLong = true;
            interrupt();
        }
    }

    void join(Duration patience) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(patience);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
