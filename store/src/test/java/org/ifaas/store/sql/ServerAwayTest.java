package org.ifaas.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.store.DebianServer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that stops while it is spoken to, and may start again. */
class ServerAwayTest {
    private static DebianServer server;
    private static Sql sql;

    @BeforeAll
    static void start() {
        server = new DebianServer();
        sql = new Sql(Address.of(server.emptyDatabase()).dataSource());
        sql.write(handle -> handle.execute("create table thing (name text)"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void restart() {
        try {
            server.stop();
            server.startAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Handle handle, String name) {
        handle.execute("insert into thing values (?)", name);
    }

    private static int count(String name) {
        return sql.query(handle -> handle.createQuery("select count(*) from thing where name = ?")
                .bind(0, name)
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void what_a_restart_has_undone_is_done_again_and_once() {
        var times = new AtomicInteger();
        sql.write(handle -> {
            add(handle, "undone");
            if (times.incrementAndGet() == 1) {
                restart();
            }
            add(handle, "done");
        });
        assertThat(times).hasValue(2);
        assertThat(count("undone")).isOne();
        assertThat(count("done")).isOne();
    }

    @Test
    void what_reads_or_writes_a_stream_is_not_done_again() {
        var times = new AtomicInteger();
        assertThatThrownBy(() -> sql.streamed(handle -> {
                    times.incrementAndGet();
                    restart();
                    return handle.execute("insert into thing values ('streamed')");
                }))
                .isInstanceOf(JournalAway.class);
        assertThat(times).hasValue(1);
    }

    @Test
    void a_server_that_stays_away_is_said_to_be() throws Exception {
        server.stop();
        try {
            assertThatThrownBy(() -> count("any"))
                    .isInstanceOf(JournalAway.class)
                    .hasMessageContaining("the database can't be reached");
        } finally {
            server.startAgain();
        }
        assertThat(count("any")).isZero();
    }

    @Test
    void a_server_without_room_is_said_to_be_full_at_once() {
        var times = new AtomicInteger();
        assertThatThrownBy(() -> sql.write(handle -> {
                    add(handle, "no room");
                    times.incrementAndGet();
                    handle.execute("do $$ begin raise 'could not extend file' using errcode = 'disk_full'; end $$");
                }))
                .isInstanceOfSatisfying(
                        JournalAway.class, full -> assertThat(full.isFull()).isTrue())
                .hasMessageContaining("the disk of the database is full");
        assertThat(times).hasValue(1);
        assertThat(count("no room")).isZero();
    }

    @Test
    void a_statement_that_is_wrong_says_nothing_about_the_server() {
        assertThatThrownBy(() -> sql.query(handle -> handle.execute("insert into nowhere values (1)")))
                .isInstanceOf(UnableToExecuteStatementException.class);
    }
}
