package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What people may do with builds: ask for one, cancel it, try it again. */
public final class Builds {
    private final Journal journal;
    private final BuildQueue queue;
    private final Pipeline pipeline;
    private final InstantSource clock;

    public Builds(Journal journal, BuildQueue queue, Pipeline pipeline, InstantSource clock) {
        this.journal = journal;
        this.queue = queue;
        this.pipeline = pipeline;
        this.clock = clock;
    }

    public Build request(Parameters parameters, String requester) {
        var build = journal.create(BuildId.random(), parameters, requester, clock.instant());
        queue.enqueue(build.id());
        return build;
    }

    /** A build that waits or runs ends soon; one that has ended stays as it is. */
    public void cancel(BuildId id) {
        journal.requestCancel(id);
        queue.enqueue(id);
    }

    /**
     * Keeps the build's host that long after the build, or, with null, no longer.
     *
     * @throws IllegalStateException when the build has ended
     */
    public void keepHost(BuildId id, @Nullable Duration howLong) {
        if (journal.find(id).map(build -> build.state().ended()).orElse(true)) {
            throw new IllegalStateException("build " + id + " has ended");
        }
        journal.keepHost(id, howLong);
    }

    /**
     * A new attempt: facts whose things are gone are made again, the image that was built is kept.
     *
     * @param from the stage from which on everything is made again; null for what is missing
     * @throws IllegalStateException when the build has not ended
     */
    public Build retry(BuildId id, @Nullable StageName from) {
        if (!journal.find(id).map(build -> build.state().ended()).orElse(false)) {
            throw new IllegalStateException("build " + id + " has not ended");
        }
        if (from != null) {
            for (var stage :
                    pipeline.stages().subList(from.ordinal(), pipeline.stages().size())) {
                pipeline.restingOn(stage.makes()).forEach(type -> journal.makeVoid(id, type, clock.instant()));
            }
        }
        var build = journal.reopen(id, clock.instant());
        queue.enqueue(id);
        return build;
    }

    /** Puts every build that has not ended into the queue again: after a start, and for what a crash lost between two writes. */
    public List<Build> resume() {
        var unfinished = journal.unfinished();
        unfinished.forEach(build -> queue.enqueue(build.id()));
        return unfinished;
    }

    /** The build whose id starts so, if there is exactly one among the newest thousand. */
    public Optional<Build> find(String idOrPrefix) {
        var matching = journal.list(1000, 0).stream()
                .filter(build -> build.id().value().startsWith(idOrPrefix))
                .toList();
        return matching.size() == 1 ? Optional.of(matching.getFirst()) : Optional.empty();
    }
}
