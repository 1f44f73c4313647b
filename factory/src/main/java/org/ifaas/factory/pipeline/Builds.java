package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** What people may do with builds: ask for one, cancel it, try it again. */
public final class Builds {
    private final Journal journal;
    private final BuildQueue queue;
    private final Pipelines pipelines;
    private final AuditLog audit;
    private final InstantSource clock;

    public Builds(Journal journal, BuildQueue queue, Pipelines pipelines, AuditLog audit, InstantSource clock) {
        this.journal = journal;
        this.queue = queue;
        this.pipelines = pipelines;
        this.audit = audit;
        this.clock = clock;
    }

    public Build request(Parameters parameters, String requester) {
        return request(BuildId.random(), parameters, requester);
    }

    /** The build that was asked for by the same requester with the same key. */
    public Optional<Build> asked(String requester, String key) {
        return journal.find(idOf(requester, key));
    }

    private static BuildId idOf(String requester, String key) {
        return BuildId.of(requester + "\n" + key);
    }

    /**
     * The same, once for each key: asked again with the same key, by the same requester, it answers with the same build.
     *
     * @throws IllegalArgumentException when the key was used for other parameters
     */
    public Build request(Parameters parameters, String requester, String key) {
        var id = idOf(requester, key);
        var before = journal.find(id);
        if (before.isPresent()) {
            return again(before.get(), parameters);
        }
        try {
            return request(id, parameters, requester);
        } catch (IllegalStateException exists) {
            return again(journal.find(id).orElseThrow(() -> exists), parameters);
        }
    }

    private Build again(Build before, Parameters parameters) {
        if (!before.parameters().equals(parameters)) {
            throw new IllegalArgumentException("the key was used for build " + before.id() + " with other parameters");
        }
        if (!before.state().ended()) {
            queue.enqueue(before.id());
        }
        return before;
    }

    /**
     * Signs the release of a build anew.
     *
     * @throws IllegalStateException when that build goes on, its release is being signed anew already or was removed
     */
    public Build resign(BuildId release, String by) {
        return request(toResign(release, BuildId.random()), by);
    }

    /** The same, once for each key. */
    public Build resign(BuildId release, String by, String key) {
        var before = asked(by, key).map(build -> build.parameters().image());
        return request(
                before.isEmpty() ? toResign(release, idOf(by, key)) : Parameters.resign(before.get(), release),
                by,
                key);
    }

    /** @param id of the build that is to sign it */
    private Parameters toResign(BuildId release, BuildId id) {
        var of = journal.find(release)
                .filter(build -> build.state().ended())
                .orElseThrow(() -> new IllegalStateException("build " + release + " has not ended"));
        journal.requireArtifacts(release);
        for (var other : journal.unfinished()) {
            if (release.value().equals(other.parameters().release())
                    && !other.id().equals(id)) {
                throw new IllegalStateException("build " + other.id() + " signs it anew already");
            }
        }
        return Parameters.resign(of.parameters().image(), release);
    }

    private Build request(BuildId id, Parameters parameters, String requester) {
        var build = audit.record(
                requester,
                AuditAction.BUILD_ASKED,
                id.value(),
                details(parameters),
                () -> journal.create(id, parameters, requester, clock.instant()));
        queue.enqueue(id);
        return build;
    }

    private static Map<String, String> details(Parameters parameters) {
        var details = new TreeMap<String, String>();
        details.put("image", parameters.image());
        if (parameters.kind() != Kind.BUILD) {
            details.put("kind", parameters.kind().word());
            put("image id", parameters.imageId(), details);
            put("file", parameters.file(), details);
            put("release of build", parameters.release(), details);
        }
        if (parameters.ref() != null) {
            details.put("ref", parameters.ref());
        }
        if (!parameters.regions().isEmpty()) {
            details.put("regions", String.join(",", parameters.regions()));
        }
        details.put("tests", Boolean.toString(parameters.runTests()));
        details.put("force", Boolean.toString(parameters.force()));
        details.put("publication", Boolean.toString(parameters.requestPublication()));
        return details;
    }

    private static void put(String name, @Nullable String value, Map<String, String> details) {
        if (value != null) {
            details.put(name, value);
        }
    }

    /** A build that waits or runs ends soon; one that has ended, or has only to clean up, stays as it is. */
    public void cancel(BuildId id, String by) {
        audit.record(by, AuditAction.BUILD_CANCELLED, id.value(), Map.of());
        journal.requestCancel(id);
        queue.enqueue(id);
    }

    /**
     * Keeps the build's host that long after the build, or, with null, no longer.
     *
     * @throws IllegalStateException when the build has ended
     */
    public void keepHost(BuildId id, @Nullable Duration howLong, String by) {
        if (journal.find(id).map(build -> build.state().ended()).orElse(true)) {
            throw new IllegalStateException("build " + id + " has ended");
        }
        var details = Map.of("for", howLong == null ? "not at all" : howLong.toString());
        audit.record(by, AuditAction.HOST_KEPT, id.value(), details);
        journal.keepHost(id, howLong);
    }

    /**
     * A new attempt: facts whose things are gone are made again, the image that was built is kept.
     *
     * @param from the stage from which on everything is made again; null for what is missing
     * @throws IllegalStateException when the build has not ended, or retention has removed its artifacts
     * @throws StageFailure when something would be made again that has to stay as it is, such as a public release
     */
    public Build retry(BuildId id, @Nullable StageName from, String by) throws StageFailure {
        var ended = journal.find(id)
                .filter(build -> build.state().ended())
                .orElseThrow(() -> new IllegalStateException("build " + id + " has not ended"));
        journal.requireArtifacts(id);
        var pipeline = pipelines.of(ended);
        var again = from == null ? Set.<Class<? extends Fact>>of() : pipeline.madeFrom(from);
        pipeline.checkReplaceable(again, journal.facts(id), id);
        var build = audit.record(
                by,
                AuditAction.BUILD_RETRIED,
                id.value(),
                from == null ? Map.of() : Map.of("from", from.slug()),
                () -> journal.reopen(id, again, clock.instant()));
        queue.enqueue(id);
        return build;
    }

    /** The build whose id starts so, if there is exactly one. */
    public Optional<Build> find(String idOrStart) {
        var matching = journal.startingWith(idOrStart, 2);
        return matching.size() == 1 ? Optional.of(matching.getFirst()) : Optional.empty();
    }
}
