package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.sql.Changes;
import org.ifaas.store.sql.Column;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Together;
import org.jdbi.v3.core.Handle;

/** The tables {@code stage_log} and {@code log_chunk}. */
final class LogRows {
    private static final String KEY = " build = :build and attempt = :attempt and stage = :stage ";

    /** Of at most a chunk each. */
    private static final int MOST_PARTS = 16;

    /** No row has more bytes. */
    private static final long MOST_IN_ROW = 4L << 20;

    private final Sql sql;
    private final Together<Part, Boolean> parts = new Together<>(MOST_PARTS, Duration.ZERO, this::append);

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

    /** @param reached how far what the log followed was read, by source */
    record Opened(State state, Map<String, Long> reached) {}

    /** Opens it for a new writer; earlier ones are refused from now on. */
    Opened open(LogKey key) {
        return sql.transaction(handle -> key.bind(handle.createQuery("""
                insert into stage_log as l (build, attempt, stage, writer, open, size, compacted)
                values (:build, :attempt, :stage, 1, true, 0, 0)
                on conflict (build, attempt, stage) do update set writer = l.writer + 1, open = true
                returning *"""))
                .map((row, context) -> new Opened(state(row), reached(row.getString("reached"))))
                .one());
    }

    /**
     * Appends unless another writer has opened the log, or it was closed. A crash of the database server may lose the last
     * moments: a log is not worth a disk flush a line. What was followed is then read on from before them. Bytes whose answer was
     * lost are there once when they are appended again.
     *
     * @param at how long the log is before them, as far as its writer knows
     * @param reached how far what the log follows was read with these bytes, by source
     */
    boolean append(State to, long at, byte[] bytes, Map<String, Long> reached) {
        return parts.ask(new Part(to, at, bytes, reached));
    }

    private record Part(State to, long at, byte[] bytes, Map<String, Long> reached) {}

    /** No two are of one log: who writes it waits for the answer. */
    private List<Boolean> append(List<Part> parts) {
        var appended = sql.query(handle -> handle.createQuery("""
                with part as (
                    select * from unnest(:builds, :attempts, :stages, :writers, :ats, :bytes, :reached, :keys)
                        with ordinality as p (build, attempt, stage, writer, at, bytes, reached, key, number)
                ), log as (
                    update stage_log l set reached = l.reached || p.reached::jsonb, size = size
                        + case when size = p.at + octet_length(p.bytes) then 0 else octet_length(p.bytes) end
                    from part p
                    where l.build = p.build and l.attempt = p.attempt and l.stage = p.stage and l.writer = p.writer and l.open
                    returning p.number, p.key, l.build, l.attempt, l.stage, l.size - octet_length(p.bytes) as at, p.bytes
                ), chunk as (
                    insert into log_chunk (build, attempt, stage, at, bytes)
                    select build, attempt, stage, at, bytes from log
                    on conflict do nothing
                )
                select number, set_config('synchronous_commit', 'off', true), pg_notify(:channel, key)::text from log""")
                .bind(
                        "builds",
                        Column.text(of(
                                parts, String[]::new, part -> key(part).build().value())))
                .bind(
                        "attempts",
                        Column.integer(
                                of(parts, Integer[]::new, part -> key(part).attempt())))
                .bind(
                        "stages",
                        Column.text(of(
                                parts, String[]::new, part -> key(part).stage().name())))
                .bind(
                        "writers",
                        Column.bigint(of(parts, Long[]::new, part -> part.to().writer())))
                .bind("ats", Column.bigint(of(parts, Long[]::new, Part::at)))
                .bind("bytes", Column.bytea(of(parts, byte[][]::new, Part::bytes)))
                .bind("reached", Column.text(of(parts, String[]::new, part -> Json.write(part.reached()))))
                .bind(
                        "keys",
                        Column.text(of(parts, String[]::new, part -> key(part).channelKey())))
                .bind("channel", Changes.LOGS)
                .map((row, context) -> row.getInt("number"))
                .set());
        return IntStream.rangeClosed(1, parts.size())
                .mapToObj(appended::contains)
                .toList();
    }

    private static LogKey key(Part part) {
        return part.to().key();
    }

    private static <T> T[] of(List<Part> parts, IntFunction<T[]> column, Function<Part, T> value) {
        return parts.stream().map(value).toArray(column);
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

    /** The log and a few of its rows, from the offset on to about so many bytes further, seen at one moment. */
    Optional<Look> look(LogKey key, long offset, int most) {
        var rows = sql.query(handle -> key.bind(handle.createQuery("""
                        select l.*, c.at, c.bytes from stage_log l left join lateral (
                            select at, bytes from log_chunk k
                            where k.build = l.build and k.attempt = l.attempt and k.stage = l.stage
                                and k.at > :offset - :row and k.at < :offset + :most
                                and k.at + octet_length(k.bytes) > :offset
                            order by k.at limit 32
                        ) c on true
                        where l.build = :build and l.attempt = :attempt and l.stage = :stage order by c.at"""))
                .bind("offset", offset)
                .bind("row", MOST_IN_ROW)
                .bind("most", (long) most)
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
            var look = look(key, at, LogPolicy.CHUNK);
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
        return sql.query(
                handle -> handle.createQuery("select count(*), coalesce(sum(size), 0) from stage_log where build = ?")
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

    private static Map<String, Long> reached(String json) {
        var reached = new HashMap<String, Long>();
        Json.read(json, Map.class).forEach((source, at) -> reached.put((String) source, ((Number) at).longValue()));
        return reached;
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
