package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.sql.Changes;
import org.ifaas.store.sql.Sql;
import org.jdbi.v3.core.Handle;

/** The tables {@code stage_log} and {@code log_chunk}. */
final class LogRows {
    private static final String KEY = " build = :build and attempt = :attempt and stage = :stage ";

    private final Sql sql;

    LogRows(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param writer number of whoever opened it last
     * @param compacted so many bytes lie in the artifact store
     */
    record State(LogKey key, long writer, boolean open, long size, long compacted) {}

    /** What one look at a log found, all at the same moment. */
    record Look(State state, byte[] bytes) {}

    /** Opens it for a new writer; earlier ones are refused from now on. */
    State open(LogKey key) {
        return sql.transaction(handle -> key.bind(handle.createQuery("""
                insert into stage_log as l (build, attempt, stage, writer, open, size, compacted)
                values (:build, :attempt, :stage, 1, true, 0, 0)
                on conflict (build, attempt, stage) do update set writer = l.writer + 1, open = true
                returning *"""))
                .map((row, context) -> state(row))
                .one());
    }

    /**
     * Appends unless another writer has opened the log, or it was closed. A crash of the database server may lose the last
     * moments: a log is not worth a disk flush a line.
     */
    boolean append(State to, byte[] bytes) {
        return sql.query(handle -> to.key()
                .bind(handle.createQuery("""
                with log as (
                    update stage_log set size = size + :length where build = :build and attempt = :attempt
                        and stage = :stage and writer = :writer and open returning size - :length as at
                ), chunk as (
                    insert into log_chunk (build, attempt, stage, at, bytes)
                    select :build, :attempt, :stage, at, :bytes from log returning at
                )
                select set_config('synchronous_commit', 'off', true), pg_notify(:channel, :key)::text from chunk"""))
                .bind("length", (long) bytes.length)
                .bind("writer", to.writer())
                .bind("bytes", bytes)
                .bind("channel", Changes.LOGS)
                .bind("key", to.key().channelKey())
                .map((row, context) -> true)
                .findOne()
                .orElse(false));
    }

    /** Ends writing. False when another writer has opened it since. */
    boolean close(State log) {
        return sql.transaction(handle -> {
            var closed = log.key()
                    .bind(handle.createUpdate("update stage_log set open = false where" + KEY + "and writer = :writer"))
                    .bind("writer", log.writer())
                    .execute();
            announce(handle, log.key());
            return closed == 1;
        });
    }

    /** Notes that the artifact store has all of it, and drops its chunks. */
    void compacted(State log) {
        sql.write(handle -> {
            var noted = log.key()
                    .bind(handle.createUpdate(
                            "update stage_log set compacted = size where" + KEY + "and writer = :writer and not open"))
                    .bind("writer", log.writer())
                    .execute();
            if (noted == 1) {
                log.key()
                        .bind(handle.createUpdate("delete from log_chunk where" + KEY))
                        .execute();
            }
        });
    }

    /** Makes chunks again of what the artifact store has, unless another writer has opened the log since. */
    State takeBack(State log, InputStream from) throws IOException {
        try {
            sql.streamed(handle -> {
                var back = log.key()
                        .bind(handle.createUpdate(
                                "update stage_log set compacted = 0 where" + KEY + "and writer = :writer"))
                        .bind("writer", log.writer())
                        .execute();
                for (var at = 0L; back == 1 && at < log.compacted(); ) {
                    var bytes = read(from, (int) Math.min(LogPolicy.CHUNK, log.compacted() - at));
                    log.key()
                            .bind(handle.createUpdate("insert into log_chunk (build, attempt, stage, at, bytes) "
                                    + "values (:build, :attempt, :stage, :at, :bytes)"))
                            .bind("at", at)
                            .bind("bytes", bytes)
                            .execute();
                    at += bytes.length;
                }
                return back;
            });
            return new State(log.key(), log.writer(), log.open(), log.size(), 0);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static byte[] read(InputStream from, int length) {
        try {
            var bytes = from.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("ends too early");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes what is open of a build, fencing off whoever still writes, and returns what is not compacted. */
    List<State> closeAll(BuildId build) {
        return sql.transaction(handle -> {
            var left = handle.createQuery("""
                            update stage_log set open = false, writer = writer + 1
                            where build = ? and (open or compacted < size) returning *""")
                    .bind(0, build.value())
                    .map((row, context) -> state(row))
                    .list();
            left.forEach(log -> announce(handle, log.key()));
            return left;
        });
    }

    /** Builds that have ended and whose logs are open or not compacted, because a node crashed in between. */
    List<BuildId> abandoned() {
        return sql.query(handle -> handle.createQuery("""
                        select distinct l.build from stage_log l join build b on b.id = l.build
                        where (l.open or l.compacted < l.size) and b.ended is not null""")
                .map((row, context) -> new BuildId(row.getString(1)))
                .list());
    }

    Optional<State> find(LogKey key) {
        return sql.query(handle -> key.bind(handle.createQuery("select * from stage_log where" + KEY))
                .map((row, context) -> state(row))
                .findOne());
    }

    /** The log and up to a few chunks from the offset on, seen at one moment. */
    Optional<Look> look(LogKey key, long offset) {
        var rows = sql.query(handle -> key.bind(handle.createQuery("""
                        select l.*, c.at, c.bytes from stage_log l left join lateral (
                            select at, bytes from log_chunk k
                            where k.build = l.build and k.attempt = l.attempt and k.stage = l.stage
                                and k.at > :offset - :chunk and k.at + octet_length(k.bytes) > :offset
                            order by k.at limit 32
                        ) c on true
                        where l.build = :build and l.attempt = :attempt and l.stage = :stage order by c.at"""))
                .bind("offset", offset)
                .bind("chunk", (long) LogPolicy.CHUNK)
                .map((row, context) -> {
                    var bytes = row.getBytes("bytes");
                    var from = bytes == null ? 0 : (int) Math.max(0, offset - row.getLong("at"));
                    return new Look(
                            state(row), bytes == null ? new byte[0] : Arrays.copyOfRange(bytes, from, bytes.length));
                })
                .list());
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        var all = new ByteArrayOutputStream();
        for (var row : rows) {
            all.writeBytes(row.bytes());
        }
        return Optional.of(new Look(rows.getFirst().state(), all.toByteArray()));
    }

    /** Copies all chunks; returns how many bytes. */
    long copy(LogKey key, OutputStream to) throws IOException {
        var at = 0L;
        while (true) {
            var look = look(key, at);
            if (look.isEmpty() || look.get().bytes().length == 0) {
                return at;
            }
            to.write(look.get().bytes());
            at += look.get().bytes().length;
        }
    }

    /** The newest chunk. */
    Optional<byte[]> newest(LogKey key) {
        return sql.query(handle -> key.bind(
                        handle.createQuery("select bytes from log_chunk where" + KEY + "order by at desc limit 1"))
                .map((row, context) -> row.getBytes(1))
                .findOne());
    }

    Logs.Room size(BuildId build) {
        return sql.query(handle -> handle.createQuery(
                        "select count(*), coalesce(sum(size), 0) from stage_log where build = ?")
                .bind(0, build.value())
                .map((row, context) -> new Logs.Room(row.getInt(1), row.getLong(2)))
                .one());
    }

    /** Forgets all logs of a build. */
    void remove(BuildId build) {
        sql.write(handle -> {
            handle.execute("delete from log_chunk where build = ?", build.value());
            handle.execute("delete from stage_log where build = ?", build.value());
        });
    }

    /** Whether the build's attempt may still run a stage whose log nobody has opened. */
    boolean mayBegin(LogKey key) {
        return sql.query(handle -> handle.createQuery(
                        "select 1 from build where id = :build and ended is null and attempt <= :attempt")
                .bind("build", key.build().value())
                .bind("attempt", key.attempt())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    private static void announce(Handle handle, LogKey key) {
        handle.createQuery("select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)::text")
                .bind(0, Changes.LOGS)
                .bind(1, key.channelKey())
                .map((row, context) -> true)
                .one();
    }

    private static State state(ResultSet row) throws SQLException {
        return new State(
                new LogKey(
                        new BuildId(row.getString("build")),
                        row.getInt("attempt"),
                        StageName.valueOf(row.getString("stage"))),
                row.getLong("writer"),
                row.getBoolean("open"),
                row.getLong("size"),
                row.getLong("compacted"));
    }
}
