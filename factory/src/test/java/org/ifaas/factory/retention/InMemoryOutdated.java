package org.ifaas.factory.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.RegionState;

/** What is over its time, for tests that need no database. */
public final class InMemoryOutdated implements Outdated {
    private final Journal journal;
    private final PublicationRequests requests;
    private final Logs logs;

    public InMemoryOutdated(Journal journal, PublicationRequests requests, Logs logs) {
        this.journal = journal;
        this.requests = requests;
        this.logs = logs;
    }

    @Override
    public List<BuildId> logs(RetentionPolicy policy, Instant now, int limit) {
        return due(
                policy,
                now,
                limit,
                build -> over(build, policy.logs(), now)
                        && (logs.size(build.id()).files() > 0
                                || facts(build)
                                        .find(LogsRemoved.class)
                                        .filter(removed -> removed.done() == null)
                                        .isPresent()));
    }

    @Override
    public List<BuildId> artifacts(RetentionPolicy policy, Instant now, int limit) {
        return due(policy, now, limit, build -> {
            var age = build.state().keepsImages() ? policy.unpublished() : policy.failed();
            return build.state() != BuildState.UNCHANGED
                    && over(build, age, now)
                    && facts(build)
                            .find(ArtifactsRemoved.class)
                            .map(ArtifactsRemoved::done)
                            .filter(done -> !done.isBefore(Objects.requireNonNull(build.ended())))
                            .isEmpty();
        });
    }

    @Override
    public boolean areLogsOver(BuildId build, RetentionPolicy policy, Instant now) {
        return logs(policy, now, Integer.MAX_VALUE).contains(build);
    }

    @Override
    public boolean areArtifactsOver(BuildId build, RetentionPolicy policy, Instant now) {
        return artifacts(policy, now, Integer.MAX_VALUE).contains(build);
    }

    private List<BuildId> due(RetentionPolicy policy, Instant now, int limit, Predicate<Build> over) {
        return ended().filter(over)
                .filter(build -> !isKept(build, policy, now))
                .sorted(Comparator.comparing(Build::ended).thenComparing(Build::id))
                .map(Build::id)
                .limit(limit)
                .toList();
    }

    private boolean isKept(Build build, RetentionPolicy policy, Instant now) {
        var newest = ended().filter(other ->
                        other.parameters().image().equals(build.parameters().image()))
                .filter(other -> other.parameters().kind() == Kind.BUILD)
                .filter(other -> other.state() == BuildState.SUCCEEDED || other.state() == BuildState.PARTIAL)
                .filter(other ->
                        facts(other).has(ReleaseSealed.class) && !facts(other).has(ArtifactsRemoved.class))
                .sorted(Comparator.comparing(Build::ended)
                        .thenComparing(Build::id)
                        .reversed())
                .toList();
        var lastGood = newest.stream()
                .filter(other -> other.state() == BuildState.SUCCEEDED)
                .findFirst();
        return newest.stream().limit(policy.keep()).anyMatch(build::equals)
                || lastGood.filter(build::equals).isPresent()
                || requests.find(build.id()).filter(InMemoryOutdated::holds).isPresent()
                || facts(build)
                        .find(HostDestroyed.class)
                        .map(HostDestroyed::keptUntil)
                        .filter(until -> until.isAfter(now))
                        .isPresent()
                || journal.unfinished().stream()
                        .filter(other -> other.parameters().kind() != Kind.BUILD)
                        .anyMatch(other -> other.parameters()
                                .image()
                                .equals(build.parameters().image()));
    }

    private static boolean holds(PublicationRequest request) {
        return request.state() != PublicationRequest.State.REJECTED
                || request.regions().stream().anyMatch(region -> region.state() == RegionState.PUBLISHED);
    }

    private static boolean over(Build build, Duration age, Instant now) {
        return Objects.requireNonNull(build.ended()).isBefore(now.minus(age));
    }

    private Facts facts(Build build) {
        return journal.facts(build.id());
    }

    private Stream<Build> ended() {
        return journal.list(BuildSelection.ALL, Integer.MAX_VALUE).stream()
                .filter(build -> build.state().ended());
    }
}
