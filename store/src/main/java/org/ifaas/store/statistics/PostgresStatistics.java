package org.ifaas.store.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.sql.Sql;

/** How builds go, from the journal; of those that are for something else, only how their stages go. Times are in seconds, of what ended well; 0 where nothing did. */
public final class PostgresStatistics {
    /**
     * Builds with the time that they took and when they first began: after a retry all attempts count, and not the time between
     * them, in which nobody had asked for more.
     */
    private static final String TIMED = """
            (select build.*, coalesce(begun, started) begun, greatest(work.took, ended - started) took
             from build left join lateral (
                select sum(took) took, min(begun) begun from (
                    select max(ended) - min(started) took, min(started) begun from stage_run
                    where build.attempt > 1 and stage_run.build = build.id and started is not null
                    group by attempt) attempts
             ) work on true) timed
            """;

    private final Sql sql;

    public PostgresStatistics(Sql sql) {
        this.sql = sql;
    }

    /**
     * Builds of one image that have ended.
     *
     * @param good those that succeeded or had nothing to do
     * @param failed but for those of which what was asked for is to blame
     * @param waitP50 how long a build waited in the queue
     */
    public record OfImage(
            String image, int builds, int good, int failed, double p50, double p95, double waitP50, double waitP95) {
        /** Of those that were neither cancelled nor still go on; 1 where there are none. */
        public double successRate() {
            return good + failed == 0 ? 1 : (double) good / (good + failed);
        }
    }

    public List<OfImage> images(Instant since) {
        return sql.query(handle -> handle.createQuery("""
                        select parameters ->> 'image' image, count(*) builds,
                            count(*) filter (where state in ('SUCCEEDED', 'UNCHANGED')) good,
                            count(*) filter (where state = 'FAILED' and not exists (select from stage_run run
                                where run.build = timed.id and run.attempt = timed.attempt
                                    and run.blame = 'REQUEST')) failed,
                            percentile_cont(0.5) within group (order by extract(epoch from took))
                                filter (where state = 'SUCCEEDED') p50,
                            percentile_cont(0.95) within group (order by extract(epoch from took))
                                filter (where state = 'SUCCEEDED') p95,
                            percentile_cont(0.5) within group (order by extract(epoch from begun - requested)) wait_p50,
                            percentile_cont(0.95) within group (order by extract(epoch from begun - requested)) wait_p95
                        from """ + TIMED + """
                        where requested > :since and ended is not null
                            and coalesce(parameters ->> 'kind', 'BUILD') = 'BUILD'
                        group by 1 order by 1""")
                .bind("since", since)
                .map((row, context) -> new OfImage(
                        row.getString("image"),
                        row.getInt("builds"),
                        row.getInt("good"),
                        row.getInt("failed"),
                        row.getDouble("p50"),
                        row.getDouble("p95"),
                        row.getDouble("wait_p50"),
                        row.getDouble("wait_p95")))
                .list());
    }

    /** Runs of one stage for one image, of all attempts. */
    public record OfStage(String image, StageName stage, int runs, int failed, double p50, double p95) {
        public double successRate() {
            return runs == 0 ? 1 : 1 - (double) failed / runs;
        }
    }

    /** By image, then in the pipeline's order. */
    public List<OfStage> stages(Instant since) {
        return sql
                .query(handle -> handle.createQuery("""
                        select build.parameters ->> 'image' image, run.stage,
                            count(*) filter (where run.state in ('DONE', 'FAILED')) runs,
                            count(*) filter (where run.state = 'FAILED') failed,
                            percentile_cont(0.5) within group (order by extract(epoch from run.ended - run.started))
                                filter (where run.state = 'DONE') p50,
                            percentile_cont(0.95) within group (order by extract(epoch from run.ended - run.started))
                                filter (where run.state = 'DONE') p95
                        from build join stage_run run on run.build = build.id
                        where build.requested > :since and run.started is not null and run.ended is not null
                        group by 1, 2""")
                        .bind("since", since)
                        .map((row, context) -> new OfStage(
                                row.getString("image"),
                                StageName.valueOf(row.getString("stage")),
                                row.getInt("runs"),
                                row.getInt("failed"),
                                row.getDouble("p50"),
                                row.getDouble("p95")))
                        .list())
                .stream()
                .sorted(Comparator.comparing(OfStage::image).thenComparing(OfStage::stage))
                .toList();
    }

    /** One stage for one image in one week, in which the runs began; it begins on a Monday at 00:00 UTC. */
    public record OfStageWeek(String image, StageName stage, Instant week, int runs, int failed, double p50) {}

    /** Oldest week first, then by image and in the pipeline's order. */
    public List<OfStageWeek> stageWeeks(Instant since) {
        return sql
                .query(handle -> handle.createQuery("""
                        select build.parameters ->> 'image' image, run.stage,
                            date_trunc('week', run.started, 'UTC') week,
                            count(*) filter (where run.state in ('DONE', 'FAILED')) runs,
                            count(*) filter (where run.state = 'FAILED') failed,
                            percentile_cont(0.5) within group (order by extract(epoch from run.ended - run.started))
                                filter (where run.state = 'DONE') p50
                        from build join stage_run run on run.build = build.id
                        where build.requested > :since and run.started is not null and run.ended is not null
                        group by 1, 2, 3""")
                        .bind("since", since)
                        .map((row, context) -> new OfStageWeek(
                                row.getString("image"),
                                StageName.valueOf(row.getString("stage")),
                                row.getTimestamp("week").toInstant(),
                                row.getInt("runs"),
                                row.getInt("failed"),
                                row.getDouble("p50")))
                        .list())
                .stream()
                .sorted(Comparator.comparing(OfStageWeek::week)
                        .thenComparing(OfStageWeek::image)
                        .thenComparing(OfStageWeek::stage))
                .toList();
    }

    /** How often who was to blame when a stage failed. */
    public record OfBlame(String image, StageName stage, String blame, int count) {}

    public List<OfBlame> blame(Instant since) {
        return sql.query(handle -> handle.createQuery("""
                        select build.parameters ->> 'image' image, run.stage, run.blame, count(*) times
                        from build join stage_run run on run.build = build.id
                        where build.requested > :since and run.state = 'FAILED' and run.blame is not null
                        group by 1, 2, 3 order by times desc, 1, 2, 3""")
                .bind("since", since)
                .map((row, context) -> new OfBlame(
                        row.getString("image"),
                        StageName.valueOf(row.getString("stage")),
                        row.getString("blame"),
                        row.getInt("times")))
                .list());
    }

    /** One image in one week, which begins on a Monday at 00:00 UTC. */
    public record OfWeek(String image, Instant week, int builds, int good, int failed, double p50) {}

    /** Oldest week first. */
    public List<OfWeek> weeks(Instant since) {
        return sql.query(handle -> handle.createQuery("""
                        select parameters ->> 'image' image, date_trunc('week', requested, 'UTC') week, count(*) builds,
                            count(*) filter (where state in ('SUCCEEDED', 'UNCHANGED')) good,
                            count(*) filter (where state = 'FAILED' and not exists (select from stage_run run
                                where run.build = timed.id and run.attempt = timed.attempt
                                    and run.blame = 'REQUEST')) failed,
                            percentile_cont(0.5) within group (order by extract(epoch from took))
                                filter (where state = 'SUCCEEDED') p50
                        from """ + TIMED + """
                        where requested > :since and ended is not null
                            and coalesce(parameters ->> 'kind', 'BUILD') = 'BUILD'
                        group by 1, 2 order by 2, 1""")
                .bind("since", since)
                .map((row, context) -> week(row))
                .list());
    }

    private static OfWeek week(ResultSet row) throws SQLException {
        return new OfWeek(
                row.getString("image"),
                row.getTimestamp("week").toInstant(),
                row.getInt("builds"),
                row.getInt("good"),
                row.getInt("failed"),
                row.getDouble("p50"));
    }

    /**
     * Build hosts of one kind that builds of one image had, by the week in which they were spawned.
     *
     * @param hours that they were there, up to now
     */
    public record OfHosts(String image, String kind, Instant week, int hosts, double hours) {}

    /** Oldest week first. A host that is kept counts until its time is over. */
    public List<OfHosts> hosts(Instant since, Instant now) {
        return sql.query(handle -> handle.createQuery("""
                        select build.parameters ->> 'image' image, spawned.body -> 'host' ->> 'kind' kind,
                            date_trunc('week', run.started, 'UTC') week, count(*) hosts,
                            sum(extract(epoch from least(coalesce(
                                (kept.body ->> 'keptUntil')::timestamptz, gone.ended, build.ended, :now), :now)
                                - run.started)) / 3600 hours
                        from stage_run run join build on build.id = run.build
                        join lateral (select body from fact where fact.build = run.build and fact.attempt = run.attempt
                            and type = 'HostSpawned' order by made desc limit 1) spawned on true
                        left join stage_run gone on gone.build = run.build and gone.attempt = run.attempt
                            and gone.stage = 'DESTROY_BUILD_HOST'
                        left join lateral (select body from fact where fact.build = run.build
                            and fact.attempt = run.attempt and type = 'HostDestroyed' order by made desc limit 1) kept on true
                        where run.stage = 'SPAWN_BUILD_HOST' and run.state = 'DONE' and run.started > :since
                        group by 1, 2, 3 order by 3, 1, 2""")
                .bind("since", since)
                .bind("now", now)
                .map((row, context) -> new OfHosts(
                        row.getString("image"),
                        row.getString("kind"),
                        row.getTimestamp("week").toInstant(),
                        row.getInt("hosts"),
                        row.getDouble("hours")))
                .list());
    }

    /**
     * What is still to be told.
     *
     * @param unsettled events of which it is not settled who hears of them
     * @param waiting deliveries that have not arrived
     * @param oldest seconds since the oldest of either; 0 where there is none
     */
    public record Outbox(long unsettled, long waiting, double oldest) {}

    public Outbox outbox(Instant now) {
        return sql.query(handle -> handle.createQuery("""
                        select (select count(*) from event where notice is null) unsettled,
                            (select count(*) from delivery where due is not null) waiting,
                            greatest(0, extract(epoch from :now::timestamptz - least(
                                (select min(at) from event where notice is null),
                                (select min(since) from delivery where due is not null)))) oldest""")
                .bind("now", now)
                .map((row, context) ->
                        new Outbox(row.getLong("unsettled"), row.getLong("waiting"), row.getDouble("oldest")))
                .one());
    }

    /** Builds by image and state, of all time. */
    public record Count(String image, String state, long builds, double seconds) {}

    public List<Count> counts() {
        return sql.query(handle -> handle.createQuery("""
                        select parameters ->> 'image' image, state, count(*) builds,
                            coalesce(sum(extract(epoch from took)), 0) seconds
                        from """ + TIMED + """
                        group by 1, 2 order by 1, 2""")
                .map((row, context) -> new Count(
                        row.getString("image"),
                        row.getString("state"),
                        row.getLong("builds"),
                        row.getDouble("seconds")))
                .list());
    }

    /** Publication requests by state, of all time. */
    public Map<String, Long> requestCounts() {
        return sql
                .query(handle -> handle.createQuery(
                                "select state, count(*) requests from publication_request group by 1")
                        .map((row, context) -> Map.entry(row.getString("state"), row.getLong("requests")))
                        .list())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    /** Runs of stages by image, state and blame, of all time. */
    public record StageCount(String image, StageName stage, String state, String blame, long runs, double seconds) {}

    public List<StageCount> stageCounts() {
        return sql.query(handle -> handle.createQuery("""
                        select build.parameters ->> 'image' image, run.stage, run.state, coalesce(run.blame, '') blame,
                            count(*) runs, coalesce(sum(extract(epoch from run.ended - run.started)), 0) seconds
                        from stage_run run join build on build.id = run.build
                        where run.ended is not null group by 1, 2, 3, 4 order by 2, 1, 3, 4""")
                .map((row, context) -> new StageCount(
                        row.getString("image"),
                        StageName.valueOf(row.getString("stage")),
                        row.getString("state"),
                        row.getString("blame"),
                        row.getLong("runs"),
                        row.getDouble("seconds")))
                .list());
    }
}
