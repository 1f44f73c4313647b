package org.ifaas.store.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.jspecify.annotations.Nullable;

/** What the journal knows of an image over time: a query a question, however many builds there are. */
public final class PostgresHistory {
    private final Sql sql;

    public PostgresHistory(Sql sql) {
        this.sql = sql;
    }

    /**
     * Builds of one image, newest first.
     *
     * @param after only those behind this one; null for all
     */
    public List<Build> builds(String image, int limit, @Nullable BuildId after) {
        var where = new Where()
                .and("parameters ->> 'image' = :image", "image", image)
                .and("(requested, id) < (select requested, id from build where id = :after)", "after", after);
        return sql.query(handle -> handle.createQuery(
                        "select * from build" + where.sql() + " order by requested desc, id desc limit :limit")
                .bindMap(where.values())
                .bind("limit", limit)
                .map((row, context) -> Rows.build(row))
                .list());
    }

    /** The newest builds that have ended well, of an image, newest first, with what was measured of each. */
    public List<Measured> measured(String image, int limit) {
        var rows = sql.query(handle -> handle.createQuery("""
                        select b.id, b.ended, inputs.body ->> 'serial' serial, request.state published, built.body ->> 'packages' packages,
                            built.body #>> '{measured,size}' size, tested.body ->> 'bootSeconds' boot,
                            tested.body ->> 'accelerator' accelerator, tested.body ->> 'flavors' flavors, figure.key figure, figure.value measured
                        from (select id, ended from build where parameters ->> 'image' = :image and state = 'SUCCEEDED'
                                and coalesce(parameters ->> 'kind', 'BUILD') = 'BUILD'
                            order by ended desc limit :limit) b
                        left join fact inputs on inputs.build = b.id and inputs.type = 'Inputs' and inputs.void_at is null
                        left join publication_request request on request.id = b.id
                        left join fact built on built.build = b.id and built.type = 'ImageBuilt' and built.void_at is null
                        left join fact tested on tested.build = b.id and tested.type = 'ImageTested' and tested.void_at is null
                        left join lateral jsonb_each_text(coalesce(tested.body -> 'figures', '{}'::jsonb)) figure on true
                        order by b.ended desc, b.id""")
                .bind("image", image)
                .bind("limit", limit)
                .map((row, context) -> new Row(
                        row.getString("id"),
                        row.getTimestamp("ended").toInstant(),
                        row.getString("serial"),
                        row.getString("published"),
                        row.getString("size"),
                        row.getString("packages"),
                        row.getString("boot"),
                        row.getString("accelerator"),
                        row.getString("flavors"),
                        row.getString("figure"),
                        row.getString("measured")))
                .list());
        var measured = new ArrayList<Measured>();
        for (var row : rows) {
            if (measured.isEmpty() || !measured.getLast().build().value().equals(row.id())) {
                measured.add(row.measured());
            }
            if (row.figure() != null && row.value() != null) {
                measured.getLast().figures().put(row.figure(), Double.valueOf(row.value()));
            }
        }
        return measured;
    }

    private record Row(
            String id,
            Instant ended,
            @Nullable String serial,
            @Nullable String published,
            @Nullable String size,
            @Nullable String packages,
            @Nullable String boot,
            @Nullable String accelerator,
            @Nullable String flavors,
            @Nullable String figure,
            @Nullable String value) {
        Measured measured() {
            return new Measured(
                    new BuildId(id),
                    ended,
                    serial == null ? id : serial,
                    published,
                    size == null ? 0 : Long.parseLong(size),
                    packages == null ? 0 : Integer.parseInt(packages),
                    boot == null || accelerator == null || accelerator.isEmpty() ? 0 : Double.parseDouble(boot),
                    new TreeMap<>(),
                    flavors == null ? List.of() : Json.readList(flavors, Flavor.class));
        }
    }

    /**
     * @param published state of its publication request; null when there is none
     * @param size of the image in bytes; 0 where it isn't known
     * @param bootSeconds 0 where it was not booted
     * @param figures such as those of iperf3
     * @param flavors what its tests have found on each that its definition named
     */
    public record Measured(
            BuildId build,
            Instant ended,
            String serial,
            @Nullable String published,
            long size,
            int packages,
            double bootSeconds,
            Map<String, Double> figures,
            List<Flavor> flavors) {}

    /** Builds whose hosts other nodes have on their machines, running or kept, newest first. */
    public List<Build> withHostsElsewhere(String node, Instant now) {
        return sql.query(handle -> handle.createQuery("""
                        select * from build where id in (
                            select id from build where ended is null
                            union select build from fact where type = 'HostDestroyed' and void_at is null
                                and body ->> 'keptUntil' collate "C" > :now)
                        and exists (select from fact where build = build.id and type = 'HostSpawned' and void_at is null
                            and body ->> 'node' <> :node)
                        and not exists (select from fact where build = build.id and type = 'HostDestroyed' and void_at is null
                            and body ->> 'keptUntil' is null)
                        order by requested desc, id desc""")
                .bind("now", now.toString())
                .bind("node", node)
                .map((row, context) -> Rows.build(row))
                .list());
    }

    /** Publication requests that were decided, newest first. */
    public List<PublicationRequest> decided(ImagePatterns images, int limit) {
        return sql.query(handle -> handle.createQuery(Rows.REQUESTS + """
                        where state in ('PUBLISHED', 'REJECTED') and image ~ :images
                        order by requested desc, id desc limit :limit""")
                .bind("images", images.regex())
                .bind("limit", limit)
                .map((row, context) -> Rows.request(row))
                .list());
    }

    /** The stages of these builds, each build's newest attempt. */
    public Map<BuildId, Map<StageName, StageRun>> stageRuns(List<Build> builds) {
        var ids = builds.stream().map(build -> build.id().value()).collect(Collectors.joining(","));
        var runs = sql.query(handle -> handle.createQuery("""
                        select run.* from stage_run run join build on build.id = run.build and build.attempt = run.attempt
                        where build.id = any (string_to_array(?, ','))""")
                .bind(0, ids)
                .map((row, context) -> Rows.stageRun(row))
                .list());
        var byBuild = new HashMap<BuildId, Map<StageName, StageRun>>();
        for (var run : runs) {
            byBuild.computeIfAbsent(run.build(), id -> new EnumMap<>(StageName.class))
                    .put(run.stage(), run);
        }
        return byBuild;
    }
}
