package org.ifaas.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.server.api.Lists;
import org.jspecify.annotations.Nullable;

/** When images are built by themselves, and the builds of the next week. */
public final class SchedulesPage {
    private final Scheduling scheduling;
    private final Lists lists;

    SchedulesPage(Scheduling scheduling, Lists lists) {
        this.scheduling = scheduling;
        this.lists = lists;
    }

    /** @param runs of all schedules within the next week, in the order of time */
    public record Page(List<Line> schedules, List<Run> runs) {}

    /** @param paused by whom and why; empty while it is not */
    public record Line(
            String image,
            String cron,
            String zone,
            String jitter,
            String source,
            String paused,
            int failures,
            @Nullable String lastBuild,
            @Nullable Instant next) {}

    public record Run(Instant start, String image) {}

    void show(Exchange exchange) {
        var all = lists.schedules(exchange.account());
        var runs = all.stream()
                .flatMap(schedule -> scheduling.runs(schedule).stream().map(start -> new Run(start, schedule.image())))
                .sorted(Comparator.comparing(Run::start))
                .toList();
        exchange.page(
                "Schedules",
                "/schedules",
                "schedules",
                new Page(all.stream().map(SchedulesPage::line).toList(), runs));
    }

    void pause(Exchange exchange) {
        var reason = exchange.form().text("reason");
        scheduling.pause(image(exchange), exchange.account().name(), reason.isEmpty() ? "no reason was given" : reason);
        exchange.redirect("/schedules");
    }

    void resume(Exchange exchange) {
        scheduling.resume(image(exchange), exchange.account().name());
        exchange.redirect("/schedules");
    }

    private String image(Exchange exchange) {
        var image = exchange.name("image");
        return scheduling
                .find(image)
                .orElseThrow(() -> Exchange.notFound("schedule", image))
                .image();
    }

    private static Line line(Schedule schedule) {
        var timing = schedule.declared().timing();
        var paused = schedule.paused();
        return new Line(
                schedule.image(),
                timing.cron(),
                timing.zone().getId(),
                timing.jitter().equals(Duration.ZERO) ? "" : Amounts.roughly(timing.jitter()),
                schedule.declared().source(),
                paused == null ? "" : "by " + paused.by() + ": " + paused.reason(),
                schedule.failures(),
                schedule.last() == null ? null : schedule.last().value(),
                paused != null || schedule.next() == null
                        ? null
                        : schedule.next().start());
    }
}
