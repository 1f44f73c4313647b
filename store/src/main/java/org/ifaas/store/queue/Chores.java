package org.ifaas.store.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.ifaas.store.sql.Sql;

/**
 * The recurring chores, with a scheduler of their own so that no build makes them wait; and a thread for each, so that a git or
 * mail server which does not answer holds up none of the others.
 */
public final class Chores implements AutoCloseable {
    private final Executions executions;
    private final String node;
    private final Scheduler scheduler;
    private boolean closed;

    public Chores(
            Sql sql, DataSource leases, String node, QueuePolicy policy, List<Chore> chores, InstantSource clock) {
        this.executions = new Executions(sql, "chore");
        this.node = node;
        this.scheduler = Scheduler.create(leases)
                .startTasks(chores.stream().map(Chores::task).toList())
                .tableName("chore")
                .jdbcCustomization(new OwnTasks(chores.stream().map(Chore::name).toList()))
                .schedulerName(new SchedulerName.Fixed(node))
                .threads(chores.size())
                .executorService(Stopping.interrupted("chore", chores.size(), () -> {}))
                .dueExecutor(Stopping.woken("chores-due", this::wake))
                .pollingInterval(policy.polling())
                .heartbeatInterval(policy.heartbeat())
                .missedHeartbeatsLimit(policy.missed())
                .shutdownMaxWait(policy.stop())
                .clock(clock::instant)
                .build();
    }

    private static RecurringTask<Void> task(Chore chore) {
        return Tasks.recurring(chore.name(), FixedDelay.of(chore.interval()))
                .execute((instance, context) -> chore.work().run());
    }

    public void start() {
        executions.release(node);
        scheduler.start();
    }

    /** Interrupts what runs. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            scheduler.stop();
        }
    }

    private void wake() {
        scheduler.triggerCheckForDueExecutions();
    }
}
