package org.ifaas.store.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.sql.Sql;

/** How builds go, from the journal; of those that are for something else, only how their stages go. Times are in seconds, of what ended well; 0 where nothing did. */
public final class PostgresStatistics {
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
                                where run.build = build.id and run.attempt = build.attempt
                                    and run.blame = 'REQUEST')) failed,
                            percentile_cont(0.5) within group (order by extract(epoch from ended - started))
                                filter (where state = 'SUCCEEDED') p50,
                            percentile_cont(0.95) within group (order by extract(epoch from ended - started))
                                filter (where state = 'SUCCEEDED') p95,
                            percentile_cont(0.5) within group (order by extract(epoch from started - requested))
                                filter (where attempt = 1) wait_p50,
                            percentile_cont(0.95) within group (order by extract(epoch from started - requested))
                                filter (where attempt = 1) wait_p95
                        from build where requested > :since and ended is not null
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
                .sorted(java.util.Comparator.comparing(OfStage::image).thenComparing(OfStage::stage))
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
                                where run.build = build.id and run.attempt = build.attempt
                                    and run.blame = 'REQUEST')) failed,
                            percentile_cont(0.5) within group (order by extract(epoch from ended - started))
                                filter (where state = 'SUCCEEDED') p50
                        from build where requested > :since and ended is not null
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

    /** Builds by image and state, of all time. */
    public record Count(String image, String state, long builds, double seconds) {}

    public List<Count> counts() {
        return sql.query(handle -> handle.createQuery("""
                        select parameters ->> 'image' image, state, count(*) builds,
                            coalesce(sum(extract(epoch from ended - started)), 0) seconds
                        from build group by 1, 2 order by 1, 2""")
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

    /** Runs of stages by state and blame, of all time. */
    public record StageCount(StageName stage, String state, String blame, long runs, double seconds) {}

    public List<StageCount> stageCounts() {
        return sql.query(handle -> handle.createQuery("""
                        select stage, state, coalesce(blame, '') blame, count(*) runs,
                            coalesce(sum(extract(epoch from ended - started)), 0) seconds
                        from stage_run where ended is not null group by 1, 2, 3 order by 1, 2, 3""")
                .map((row, context) -> new StageCount(
                        StageName.valueOf(row.getString("stage")),
                        row.getString("state"),
                        row.getString("blame"),
                        row.getLong("runs"),
                        row.getDouble("seconds")))
                .list());
    }
}
