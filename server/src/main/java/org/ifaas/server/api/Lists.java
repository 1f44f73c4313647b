package org.ifaas.server.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ifaas.api.HostView;
import org.ifaas.api.StatisticsView;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.source.Repository;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Right;
import org.ifaas.server.statistics.Statistics;

/** What there is, for one account: what is of images that it may not see is left out. */
public final class Lists {
    private final Repository repository;
    private final Journal journal;
    private final PublicationRequests requests;
    private final Scheduling scheduling;
    private final HostList hosts;
    private final Statistics statistics;

    public Lists(
            Repository repository,
            Journal journal,
            PublicationRequests requests,
            Scheduling scheduling,
            HostList hosts,
            Statistics statistics) {
        this.repository = repository;
        this.journal = journal;
        this.requests = requests;
        this.scheduling = scheduling;
        this.hosts = hosts;
        this.statistics = statistics;
    }

    public List<Repository.Listed> definitions(Account account) {
        return seen(account, repository.definitions(), Repository.Listed::name);
    }

    /** Those that run and then those that wait, of each the newest first and at most so many. */
    public List<Build> going(Account account, int most) {
        return Stream.of(BuildState.RUNNING, BuildState.QUEUED)
                .flatMap(state -> journal.list(in(account, state), most).stream())
                .toList();
    }

    public long count(Account account, BuildState state) {
        return journal.count(in(account, state));
    }

    private static BuildSelection in(Account account, BuildState state) {
        return BuildSelection.ALL.among(account.images(Right.SEE)).in(state);
    }

    /** Newest first, of the images that the account may see. */
    public List<PublicationRequest> requests(Account account, RequestSelection which, int limit) {
        return requests.list(which.among(account.images(Right.SEE)), limit);
    }

    public List<Schedule> schedules(Account account) {
        return seen(account, scheduling.all(), Schedule::image);
    }

    /** Those of no build are for whoever may see all images. */
    public HostList.Found hosts(Account account) throws InterruptedException {
        var found = hosts.all();
        return new HostList.Found(
                seen(account, found.hosts(), host -> image(host).orElse("")), found.unknown());
    }

    private Optional<String> image(HostView host) {
        return Optional.ofNullable(host.build())
                .map(BuildId::new)
                .flatMap(journal::find)
                .map(build -> build.parameters().image());
    }

    public StatisticsView statistics(Account account, int days) {
        var all = statistics.of(days);
        return new StatisticsView(
                all.since(),
                seen(account, all.images(), StatisticsView.Image::image),
                seen(account, all.stages(), StatisticsView.Stage::image),
                seen(account, all.blame(), StatisticsView.Blame::image),
                seen(account, all.weeks(), StatisticsView.Week::image),
                seen(account, all.hosts(), StatisticsView.Hosts::image),
                seen(account, all.stageWeeks(), StatisticsView.StageWeek::image));
    }

    private static <T> List<T> seen(Account account, List<T> all, Function<T, String> image) {
        var images = account.images(Right.SEE);
        return images.all()
                ? all
                : all.stream().filter(one -> images.has(image.apply(one))).toList();
    }
}
