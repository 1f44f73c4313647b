package org.ifaas.store.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildQueue;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.store.sql.Sql;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of builds, with db-scheduler as lease: a node that carries a build says so every few seconds, and when it no
 * longer does, another one takes the build. That two may carry one for a moment is the fence's business.
 */
public final class SchedulerQueue implements BuildQueue, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerQueue.class);
    private static final Duration SLOWEST_RETRY = Duration.ofMinutes(5);

    /** For so many rounds of polling a node leaves alone what waits for another. */
    private static final int LEFT_FOR = 5;

    private final Executions executions;
    private final Carrier carrier;
    private final String node;
    private final QueuePolicy policy;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Map<BuildId, Thread> carried = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * @param leases connections with which places are taken and kept
     * @param node the stable name of this node
     * @param limit how many builds this node carries at once
     */
    public SchedulerQueue(
            Sql sql,
            DataSource leases,
            String node,
            int limit,
            QueuePolicy policy,
            Carrier carrier,
            InstantSource clock) {
        this.executions = new Executions(sql, "build_queue");
        this.node = node;
        this.carrier = carrier;
        this.policy = policy;
        this.clock = clock;
        var task = Tasks.custom(Executions.BUILD, Void.class)
                .onDeadExecution((complete, operations) -> revive(complete.getExecution()))
                .execute((instance, context) -> carry(context.getExecution()));
        this.scheduler = Scheduler.create(leases, task)
                .tableName("build_queue")
                .schedulerName(new SchedulerName.Fixed(node))
                .threads(limit)
                .executorService(Stopping.interrupted("build", limit, this::wake))
                .dueExecutor(Stopping.woken("builds-due", this::wake))
                .pollUsingLockAndFetch(0.5, 1.0)
                .pollingInterval(policy.polling())
                .heartbeatInterval(policy.heartbeat())
                .missedHeartbeatsLimit(policy.missed())
                .shutdownMaxWait(policy.stop())
                .clock(clock::instant)
                .build();
    }

    /** Begins to take builds: first those which this node was carrying when it died. */
    public void start() {
        var now = clock.instant();
        var released = executions.release(node);
        var swept = executions.sweep(now);
        if (released + swept > 0) {
            LOG.info(
                    "node {}: {} builds that it was carrying go on, {} more were found unfinished",
                    node,
                    released,
                    swept);
        }
        executions.hurry(node, now);
        scheduler.start();
    }

    /** Queues what was asked for in a moment when the database went away; a chore. */
    public void sweep() {
        if (executions.sweep(clock.instant()) > 0) {
            wake();
        }
    }

    @Override
    public void enqueue(BuildId build) {
        executions.queue(build, clock.instant());
        wake();
    }

    /** The builds that this node carries now. */
    public Set<BuildId> carried() {
        return Set.copyOf(carried.keySet());
    }

    private CompletionHandler<Void> carry(Execution execution) {
        var build = new BuildId(execution.getId());
        var before = carried.put(build, Thread.currentThread());
        if (before != null) {
            // This machine slept for so long that this node took itself for dead.
            before.interrupt();
        }
        try {
            if (closing) {
                return (complete, operations) -> letGo(execution);
            }
            var other = executions.waitsFor(execution, node, clock.instant());
            if (other.isPresent()) {
                LOG.debug("build {}: waits for node {}, whose machine has its host", build, other.get());
                return (complete, operations) -> executions.leave(
                        execution, clock.instant().plus(policy.polling().multipliedBy(LEFT_FOR)));
            }
            if (carrier.isOfThisMachine(build)) {
                executions.bind(execution, node);
            }
            carrier.carry(build);
            var over = !closing;
            return (complete, operations) -> {
                if (over) {
                    var now = clock.instant();
                    executions.finish(execution, now, now.plus(policy.room()), now.plus(policy.retry()));
                } else {
                    letGo(execution);
                }
            };
        } catch (LeaseLost e) {
            LOG.info("{}", e.getMessage());
            return (complete, operations) -> letGo(execution);
        } catch (InterruptedException e) {
            LOG.info("build {}: let go, whoever is next carries it on", build);
            return (complete, operations) -> letGo(execution);
        } catch (JournalAway e) {
            LOG.warn("build {}: let go, {}; it is carried on when that is back", build, e.getMessage());
            return (complete, operations) -> {
                if (e.isFull()) {
                    executions.putOff(execution, clock.instant().plus(policy.retry()), waitForNode());
                } else {
                    letGo(execution);
                }
            };
        } catch (RuntimeException e) {
            if (closing) {
                LOG.info("build {}: let go, whoever is next carries it on ({})", build, e.toString());
                return (complete, operations) -> letGo(execution);
            }
            var wait = wait(execution.consecutiveFailures);
            LOG.error("build {}: the factory failed; it is carried on in {} s", build, wait.toSeconds(), e);
            return (complete, operations) ->
                    executions.putOff(execution, clock.instant().plus(wait), waitForNode());
        } finally {
            carried.remove(build, Thread.currentThread());
            // What comes after must reach the database although this thread was told to stop.
            Thread.interrupted();
        }
    }

    private void letGo(Execution execution) {
        executions.letGo(execution, waitForNode());
    }

    private Instant waitForNode() {
        return clock.instant().plus(policy.node());
    }

    private void revive(Execution execution) {
        LOG.warn(
                "build {}: node {} no longer says that it carries it; it is handed on",
                execution.getId(),
                execution.pickedBy);
        letGo(execution);
    }

    private Duration wait(int failures) {
        var wait = policy.retry().multipliedBy(1L << Math.min(failures, 10));
        return wait.compareTo(SLOWEST_RETRY) < 0 ? wait : SLOWEST_RETRY;
    }

    /** Interrupts what this node carries and lets it go for any node to take at once. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            scheduler.stop();
        }
    }

    /** Also when a place has become free: left to itself, the scheduler looks when half of them are. */
    private void wake() {
        scheduler.triggerCheckForDueExecutions();
    }
}
