package org.ifaas.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.store.answer.PostgresAnswers;
import org.ifaas.store.audit.PostgresAuditLog;
import org.ifaas.store.backup.Backup;
import org.ifaas.store.embedded.EmbeddedPostgres;
import org.ifaas.store.journal.PostgresConfirmations;
import org.ifaas.store.journal.PostgresHistory;
import org.ifaas.store.journal.PostgresJournal;
import org.ifaas.store.journal.PostgresRequests;
import org.ifaas.store.log.PostgresLogs;
import org.ifaas.store.login.PostgresLocalAccounts;
import org.ifaas.store.login.PostgresLoginFailures;
import org.ifaas.store.login.PostgresSessions;
import org.ifaas.store.login.PostgresTokens;
import org.ifaas.store.outbox.PostgresOutbox;
import org.ifaas.store.queue.Carrier;
import org.ifaas.store.queue.Chore;
import org.ifaas.store.queue.Chores;
import org.ifaas.store.queue.SchedulerQueue;
import org.ifaas.store.retention.PostgresOutdated;
import org.ifaas.store.schedule.PostgresSchedules;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Changes;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.Schema;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.StoreFailure;
import org.ifaas.store.statistics.PostgresStatistics;
import org.slf4j.LoggerFactory;

/** One database and all that the factory keeps in it. Closing it closes what it has handed out, the newest first. */
public final class Store implements AutoCloseable {
    /** For each of two schedulers one that looks for what is due and one that says what it carries. */
    private static final int LEASE_CONNECTIONS = 4;

    private final StoreConfig config;
    private final InstantSource clock;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final HikariDataSource leases;
    private final Sql sql;
    private final Changes changes;
    private final PostgresJournal journal;
    private final PostgresRequests requests;
    private final PostgresOutbox outbox;
    private final PostgresSchedules schedules;
    private final PostgresAuditLog audit;
    private final Address address;
    private final String description;

    /**
     * Starts the embedded server or connects to the operator's, and brings its tables up to date.
     *
     * @param facts the types of facts that may be in the journal: what the stages make
     * @throws StoreFailure when the database can't be had as configured
     */
    public static Store open(
            StoreConfig config, Collection<? extends Class<? extends Fact>> facts, InstantSource clock) {
        return new Store(config, facts, clock);
    }

    private Store(StoreConfig config, Collection<? extends Class<? extends Fact>> facts, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        try {
            this.address = switch (config.database()) {
                case Database.Embedded embedded ->
                    keep(EmbeddedPostgres.start(embedded.home(), embedded.programs()))
                            .address();
                case Database.Served served -> Address.of(served);
            };
            this.description = StoreDoctor.server(address);
            var pool = keep(pool("store", config.connections(), address));
            this.leases = keep(leases(address));
            Schema.migrate(pool);
            this.sql = new Sql(pool);
            this.changes = keep(new Changes(address.dataSource()));
            this.journal = new PostgresJournal(sql, facts);
            this.requests = new PostgresRequests(sql);
            this.outbox = new PostgresOutbox(sql);
            this.schedules = new PostgresSchedules(sql);
            this.audit = new PostgresAuditLog(sql, clock);
        } catch (SQLException e) {
            close();
            throw new StoreFailure(
                    "database",
                    config.database().toString(),
                    "is lost: " + e.getMessage(),
                    "See that the server is running.",
                    e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public PostgresJournal journal() {
        return journal;
    }

    public PostgresRequests requests() {
        return requests;
    }

    public PostgresConfirmations confirmations() {
        return new PostgresConfirmations(sql);
    }

    public PostgresOutbox outbox() {
        return outbox;
    }

    public PostgresSchedules schedules() {
        return schedules;
    }

    public PostgresAuditLog audit() {
        return audit;
    }

    public PostgresHistory history() {
        return new PostgresHistory(sql);
    }

    public PostgresOutdated outdated() {
        return new PostgresOutdated(sql);
    }

    public PostgresStatistics statistics() {
        return new PostgresStatistics(sql);
    }

    public PostgresSessions sessions() {
        return new PostgresSessions(sql);
    }

    public PostgresLocalAccounts localAccounts() {
        return new PostgresLocalAccounts(sql);
    }

    public PostgresLoginFailures loginFailures() {
        return new PostgresLoginFailures(sql);
    }

    public PostgresTokens tokens() {
        return new PostgresTokens(sql);
    }

    /** @param kept for how long a request may be sent again */
    public PostgresAnswers answers(Duration kept) {
        return new PostgresAnswers(sql, kept);
    }

    /** Wakes whoever follows a build. */
    public Changes changes() {
        return changes;
    }

    /** @param artifacts where the logs of ended stages are kept */
    public PostgresLogs logs(ArtifactStore artifacts) {
        return keep(new PostgresLogs(sql, changes, artifacts, config.logs()));
    }

    /**
     * The queue; it takes no builds before its {@code start()}.
     *
     * @param limit how many builds this node carries at once
     */
    public SchedulerQueue queue(Carrier carrier, int limit) {
        return keep(new SchedulerQueue(sql, leases, config.node(), limit, config.queue(), carrier, clock));
    }

    /** The chores; none is done before {@code start()}. */
    public Chores chores(List<Chore> chores) {
        return keep(new Chores(sql, leases, config.node(), config.queue(), chores, clock));
    }

    public Backup backup() {
        return new Backup(sql, clock);
    }

    public StoreDoctor doctor() {
        return new StoreDoctor(config.database(), address);
    }

    /** Which server this is, for people. */
    public String description() {
        return description;
    }

    /**
     * A node says of each of its builds, every few seconds, that it carries it. That is not worth a wait for the disk: what a
     * crash of the server loses of it, the fence makes good.
     */
    private static HikariDataSource leases(Address address) {
        var hikari = settings("leases", LEASE_CONNECTIONS, address);
        hikari.setConnectionInitSql("set synchronous_commit = off");
        return new HikariDataSource(hikari);
    }

    private static HikariDataSource pool(String name, int most, Address address) {
        return new HikariDataSource(settings(name, most, address));
    }

    private static HikariConfig settings(String name, int most, Address address) {
        var hikari = new HikariConfig();
        hikari.setDataSource(address.dataSource());
        hikari.setPoolName(name);
        hikari.setMaximumPoolSize(most);
        hikari.setMinimumIdle(2);
        hikari.setConnectionTimeout(15_000);
        hikari.setInitializationFailTimeout(-1);
        return hikari;
    }

    private <C extends AutoCloseable> C keep(C part) {
        open.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LoggerFactory.getLogger(Store.class).warn("closing the store: {}", e.getMessage());
            }
        }
    }
}
