package org.ifaas.store.retention;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.retention.Outdated;
import org.ifaas.factory.retention.RetentionPolicy;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Times;

/** One question to the database for each of them. */
public final class PostgresOutdated implements Outdated {
    /** Releases with their place among those of their image, the newest first, of all and of those in the same state. */
    private static final String RELEASES = """
            with release as (
                select id, state,
                    row_number() over (partition by parameters ->> 'image' order by ended desc, id desc) place,
                    row_number() over (partition by parameters ->> 'image', state order by ended desc, id desc) of_state
                from build
                where state in ('SUCCEEDED', 'PARTIAL') and coalesce(parameters ->> 'kind', 'BUILD') = 'BUILD'
                    and exists (select from fact where build = build.id and type = 'ReleaseSealed' and void_at is null)
                    and not exists (select from fact
                        where build = build.id and type = 'ArtifactsRemoved' and void_at is null)
            )
            select id from build where ended is not null
                and not exists (select from release where release.id = build.id
                    and (place <= :keep or (state = 'SUCCEEDED' and of_state = 1)))
                and not exists (select from publication_request request where request.id = build.id
                    and (state <> 'REJECTED' or exists (select from region_publication region
                        where region.request = request.id and region.state = 'PUBLISHED')))
                and not exists (select from fact where build = build.id and type = 'HostDestroyed' and void_at is null
                    and (body ->> 'keptUntil')::timestamptz > :now)
                and not exists (select from build other where other.ended is null
                    and other.parameters ->> 'image' = build.parameters ->> 'image'
                    and coalesce(other.parameters ->> 'kind', 'BUILD') <> 'BUILD')
            """;

    private static final String LOGS = """
                and ended < :before
                and (exists (select from stage_log where build = build.id)
                    or exists (select from fact where build = build.id and type = 'LogsRemoved' and void_at is null
                        and body ->> 'done' is null))
            """;

    private static final String ARTIFACTS = """
                and case when state in ('FAILED', 'CANCELLED') then ended < :failed
                    else state <> 'UNCHANGED' and ended < :before end
                and not exists (select from fact where build = build.id and type = 'ArtifactsRemoved' and void_at is null
                    and body ->> 'done' is not null and made >= build.ended)
            """;

    private static final String ORDER = " order by ended, id limit :limit";
    private static final String ONE = " and id = :id";

    private final Sql sql;

    public PostgresOutdated(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<BuildId> logs(RetentionPolicy policy, Instant now, int limit) {
        return logs(policy, now, ORDER, Map.of("limit", limit));
    }

    @Override
    public boolean areLogsOver(BuildId build, RetentionPolicy policy, Instant now) {
        return !logs(policy, now, ONE, Map.of("id", build.value())).isEmpty();
    }

    private List<BuildId> logs(RetentionPolicy policy, Instant now, String which, Map<String, ?> values) {
        return sql.query(handle -> handle.createQuery(RELEASES + LOGS + which)
                .bind("keep", policy.keep())
                .bind("now", Times.stored(now))
                .bind("before", Times.stored(now.minus(policy.logs())))
                .bindMap(values)
                .map((row, context) -> new BuildId(row.getString(1)))
                .list());
    }

    @Override
    public List<BuildId> artifacts(RetentionPolicy policy, Instant now, int limit) {
        return artifacts(policy, now, ORDER, Map.of("limit", limit));
    }

    @Override
    public boolean areArtifactsOver(BuildId build, RetentionPolicy policy, Instant now) {
        return !artifacts(policy, now, ONE, Map.of("id", build.value())).isEmpty();
    }

    private List<BuildId> artifacts(RetentionPolicy policy, Instant now, String which, Map<String, ?> values) {
        return sql.query(handle -> handle.createQuery(RELEASES + ARTIFACTS + which)
                .bind("keep", policy.keep())
                .bind("now", Times.stored(now))
                .bind("failed", Times.stored(now.minus(policy.failed())))
                .bind("before", Times.stored(now.minus(policy.unpublished())))
                .bindMap(values)
                .map((row, context) -> new BuildId(row.getString(1)))
                .list());
    }
}
