package org.ifaas.factory.notify;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/** Makes of an event what is told of it: from the journal, the logs and the definition. */
public final class Notices {
    private final Journal journal;
    private final Logs logs;
    private final PublicationRequests requests;
    private final Audience audience;
    private final NotifyPolicy policy;
    private final @Nullable String address;

    /**
     * @param operators mail addresses of those who run the factory
     * @param address of the console, as its users reach it; null where there is none
     */
    public Notices(
            Journal journal,
            Logs logs,
            PublicationRequests requests,
            Repository repository,
            List<String> operators,
            NotifyPolicy policy,
            @Nullable String address) {
        this.journal = journal;
        this.logs = logs;
        this.requests = requests;
        this.audience = new Audience(journal, repository, List.copyOf(operators));
        this.policy = policy;
        this.address = address;
    }

    Notice of(Event event) throws InterruptedException {
        var build = Optional.ofNullable(event.build()).flatMap(journal::find).orElse(null);
        var facts = build == null ? new Facts(List.of()) : journal.facts(build.id());
        var failure = build == null ? null : failure(event, build);
        var request = build == null ? null : requests.find(build.id()).orElse(null);
        var addresses = audience.of(event, build, facts, failure != null && failure.blame() == Blame.FACTORY);
        return new Notice(
                event,
                addresses.to(),
                addresses.copyTo(),
                facts.find(Inputs.class).map(Inputs::serial).orElse(null),
                request != null ? request.requester() : build == null ? null : build.requester(),
                event.kind() == EventKind.PUBLISHED && request != null ? request.decidedBy() : null,
                reason(event, build),
                failure,
                images(event, request),
                page(event, failure),
                commands(event, failure));
    }

    private @Nullable String reason(Event event, @Nullable Build build) {
        return event.detail() != null ? event.detail() : build == null ? null : build.reason();
    }

    private Notice.@Nullable Failure failure(Event event, Build build) throws InterruptedException {
        if (event.kind() != EventKind.FAILED && event.kind() != EventKind.SCHEDULE_PAUSED) {
            return null;
        }
        int attempt = event.attempt() > 0 ? event.attempt() : build.attempt();
        var failed = journal.stageRuns(build.id(), attempt).stream()
                .filter(run -> run.state() == StageState.FAILED)
                .findFirst();
        return failed.isEmpty() ? null : failure(failed.get());
    }

    private Notice.Failure failure(StageRun run) throws InterruptedException {
        return new Notice.Failure(
                run.stage(),
                run.blame() == null ? Blame.FACTORY : run.blame(),
                run.message() == null ? "it did not say why" : run.message(),
                run.mend() == null ? "" : run.mend(),
                lastLines(run));
    }

    /** A mail without them is better than none. */
    private List<String> lastLines(StageRun run) throws InterruptedException {
        try {
            return LastLines.of(logs, run.build(), run.attempt(), run.stage(), policy.logLines());
        } catch (UncheckedIOException e) {
            return List.of("(the log can't be read now: " + e.getMessage() + ")");
        }
    }

    private static List<String> images(Event event, @Nullable PublicationRequest request) {
        boolean told = event.kind() == EventKind.WAITING_FOR_APPROVAL || event.kind() == EventKind.PUBLISHED;
        return request == null || !told
                ? List.of()
                : request.imagesWithout(request.leftOut()).stream()
                        .map(image -> image.region() + "/" + image.id())
                        .toList();
    }

    private @Nullable String page(Event event, Notice.@Nullable Failure failure) {
        if (address == null) {
            return null;
        }
        return switch (event.kind()) {
            case WAITING_FOR_APPROVAL -> address + "/requests";
            case HOST_KEPT_TOO_LONG -> address + "/hosts";
            case SCHEDULE_PAUSED -> address + "/schedules";
            case FAILED, FIXED, PUBLISHED ->
                event.build() == null
                        ? address + "/images/" + event.image()
                        : address + "/builds/" + event.build() + log(event, failure);
        };
    }

    /** Of the stage that failed. */
    private static String log(Event event, Notice.@Nullable Failure failure) {
        return failure == null
                ? ""
                : "?" + (event.attempt() > 0 ? "attempt=" + event.attempt() + "&" : "") + "stage="
                        + failure.stage().slug() + "#log";
    }

    private static List<String> commands(Event event, Notice.@Nullable Failure failure) {
        var build = event.build();
        var commands = new ArrayList<String>();
        switch (event.kind()) {
            case FAILED -> {
                commands.add("ifaas show " + build);
                if (failure != null) {
                    commands.add("ifaas logs " + build + " " + failure.stage().slug());
                }
                commands.add("ifaas retry " + build);
            }
            case FIXED -> commands.add("ifaas show " + build);
            case WAITING_FOR_APPROVAL -> {
                commands.add("ifaas approve " + build);
                commands.add("ifaas reject " + build + " --reason TEXT");
            }
            case PUBLISHED -> commands.add("ifaas releases");
            case HOST_KEPT_TOO_LONG -> commands.add("ifaas hosts");
            case SCHEDULE_PAUSED -> {
                commands.add("ifaas show " + build);
                commands.add("ifaas schedules resume " + event.image());
            }
        }
        return commands;
    }
}
