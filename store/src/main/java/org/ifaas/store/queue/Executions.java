package org.ifaas.store.queue;

import com.github.kagkarlsson.scheduler.task.Execution;
import java.time.Instant;
import java.util.Optional;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.store.sql.Sql;
import org.jspecify.annotations.Nullable;

/** db-scheduler's rows, where we must write them ourselves. */
final class Executions {
    static final String BUILD = "build";

    private final Sql sql;
    private final String table;

    Executions(Sql sql, String table) {
        this.sql = sql;
        this.table = table;
    }

    /** Queues a build; one that is to be looked at later is due now. */
    void queue(BuildId build, Instant now) {
        sql.write(handle -> handle.createUpdate("""
                insert into build_queue (task_name, task_instance, execution_time, picked, version)
                values (:task, :id, :now, false, 1)
                on conflict (task_name, task_instance) do update
                set execution_time = excluded.execution_time, version = build_queue.version + 1
                where not build_queue.picked and build_queue.execution_time > excluded.execution_time""")
                .bind("task", BUILD)
                .bind("id", build.value())
                .bind("now", now)
                .execute());
    }

    /** What an earlier process of this node was carrying when it died keeps its place before those that wait. */
    int release(String node) {
        return sql.transaction(handle ->
                handle.createUpdate("update " + table + """
                 set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
                where picked and picked_by = :node""").bind("node", node).execute());
    }

    /** Queues every build that has not ended and is not queued: a crash may have come between the two. */
    int sweep(Instant now) {
        return sql.transaction(handle ->
                handle.createUpdate("""
                insert into build_queue (task_name, task_instance, execution_time, picked, version)
                select :task, id, least(requested, :now), false, 1 from build where ended is null
                on conflict do nothing""").bind("task", BUILD).bind("now", now).execute());
    }

    /**
     * Forgets an execution that is over, unless another node has it by now. Whoever asked for a retry in this moment found
     * the build still queued, so a build that has not ended is queued anew: at once, or later when it waits for room or is half
     * done. It is not worth a wait for the disk: who finds it again finds a build that has ended, and what is not queued is swept.
     */
    void finish(Execution execution, Instant now, Instant whenThereMayBeRoom, Instant later) {
        sql.write(handle -> {
            handle.execute("set local synchronous_commit = off");
            handle.createUpdate("""
                    delete from build_queue
                    where task_name = :task and task_instance = :id and version = :version""")
                    .bind("task", BUILD)
                    .bind("id", execution.getId())
                    .bind("version", execution.version)
                    .execute();
            handle.createUpdate("""
                    insert into build_queue (task_name, task_instance, execution_time, picked, version)
                    select :task, id, case when cancel_requested then :now::timestamptz
                            when state = 'QUEUED' and reason is null then :now::timestamptz
                            when state = 'QUEUED' then :room::timestamptz else :later::timestamptz end, false, 1
                    from build where id = :id and ended is null
                    on conflict do nothing""")
                    .bind("task", BUILD)
                    .bind("id", execution.getId())
                    .bind("now", now)
                    .bind("room", whenThereMayBeRoom)
                    .bind("later", later)
                    .execute();
        });
    }

    /** From now on it waits for that node when it is let go. */
    void bind(Execution execution, String node) {
        sql.write(handle -> handle.createUpdate("""
                update build_queue set node = :node, node_until = null
                where task_name = :task and task_instance = :id and version = :version""")
                .bind("node", node)
                .bind("task", execution.getTaskName())
                .bind("id", execution.getId())
                .bind("version", execution.version)
                .execute());
    }

    /** The other node that it waits for. */
    Optional<String> waitsFor(Execution execution, String node, Instant now) {
        return sql.query(handle -> handle.createQuery("""
                        select node from build_queue where task_name = :task and task_instance = :id
                            and node <> :node and coalesce(node_until > :now, true)""")
                .bind("task", execution.getTaskName())
                .bind("id", execution.getId())
                .bind("node", node)
                .bind("now", now)
                .mapTo(String.class)
                .findOne());
    }

    /** What waits for this node is looked at now. */
    void hurry(String node, Instant now) {
        sql.write(handle ->
                handle.createUpdate("""
                update build_queue set execution_time = least(execution_time, :now) where node = :node and not picked""").bind("node", node).bind("now", now).execute());
    }

    /**
     * Lets go of an execution that is not over, for any node to take before those that wait, unless another has it by now.
     *
     * @param until how long it then waits for the node that it is bound to, if it is
     */
    void letGo(Execution execution, Instant until) {
        putBack(execution, execution.executionTime, 0, until);
    }

    /** The same when it has failed: to be tried again later. */
    void putOff(Execution execution, Instant when, Instant until) {
        putBack(execution, when, execution.consecutiveFailures + 1, until);
    }

    /** Leaves it to the node that it waits for. */
    void leave(Execution execution, Instant when) {
        putBack(execution, when, execution.consecutiveFailures, null);
    }

    private void putBack(Execution execution, Instant when, int failures, @Nullable Instant until) {
        sql.write(handle -> handle.createUpdate("update " + table + """
                 set picked = false, picked_by = null, last_heartbeat = null, version = version + 1,
                    execution_time = :when, consecutive_failures = :failures,
                    node_until = case when node is null then null else coalesce(:until, node_until) end
                where task_name = :task and task_instance = :id and version = :version""")
                .bind("task", execution.getTaskName())
                .bind("id", execution.getId())
                .bind("version", execution.version)
                .bind("when", when)
                .bind("failures", failures)
                .bind("until", until)
                .execute());
    }
}
