package org.ifaas.cli.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.Decision;
import org.ifaas.api.ScheduleView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "schedules", description = "List the images that are built by themselves, and when.")
final class SchedulesCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(names = "--week", description = "List every run of the next week instead.")
    private boolean week;

    SchedulesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("schedules"));
        if (query.printed(said)) {
            return 0;
        }
        var schedules = Json.list(said, ScheduleView.class);
        if (week) {
            runs(schedules);
        } else {
            schedules(schedules);
        }
        return 0;
    }

    private void schedules(List<ScheduleView> schedules) {
        var table = new Table("IMAGE", "NEXT RUN", "CRON", "ZONE", "WRITTEN IN", "LAST BUILD", "STATE");
        for (var schedule : schedules) {
            table.row(
                    schedule.image(),
                    Amounts.dayAndTime(schedule.next(), surroundings.zone()),
                    schedule.cron(),
                    schedule.zone(),
                    schedule.source(),
                    schedule.lastBuild(),
                    state(schedule));
        }
        table.print(surroundings, "No image has a schedule.");
    }

    private static String state(ScheduleView schedule) {
        if (schedule.state().equals("PAUSED")) {
            return "paused by " + schedule.pausedBy() + ": " + schedule.reason();
        }
        return switch (schedule.failures()) {
            case 0 -> "active";
            case 1 -> "active, the last build failed";
            default -> "active, the last " + schedule.failures() + " builds failed";
        };
    }

    private record Run(Instant at, String image) {}

    private void runs(List<ScheduleView> schedules) {
        var runs = new ArrayList<Run>();
        schedules.forEach(schedule -> schedule.runs().forEach(at -> runs.add(new Run(at, schedule.image()))));
        runs.sort(Comparator.comparing(Run::at).thenComparing(Run::image));
        var table = new Table("RUN", "IMAGE");
        runs.forEach(run -> table.row(Amounts.dayAndTime(run.at(), surroundings.zone()), run.image()));
        table.print(surroundings, "Nothing runs within a week.");
    }

    /** What pause and resume share. */
    abstract static sealed class Change implements Callable<Integer> {
        private final Surroundings surroundings;
        private final String verb;

        @Mixin
        private final Query query;

        @Parameters(paramLabel = "IMAGE", description = "The image whose schedule is meant.")
        private String image = "";

        private Change(Surroundings surroundings, String verb) {
            this.surroundings = surroundings;
            this.verb = verb;
            this.query = new Query(surroundings);
        }

        @Nullable
        Object body() {
            return null;
        }

        @Override
        public Integer call() throws Exception {
            var said = query.rest().post(Address.of("schedules", image, verb), body());
            if (!query.printed(said)) {
                var schedule = Json.read(said, ScheduleView.class);
                var next = schedule.next() == null
                        ? ""
                        : ", next run " + Amounts.dayAndTime(schedule.next(), surroundings.zone());
                surroundings.out().println("The schedule of " + schedule.image() + " is " + state(schedule) + next);
            }
            return 0;
        }
    }

    @Command(name = "pause", description = "Start no more builds of an image by its schedule.")
    static final class Pause extends Change {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the schedule.")
        private @Nullable String reason;

        Pause(Surroundings surroundings) {
            super(surroundings, "pause");
        }

        @Override
        Object body() {
            return new Decision(reason);
        }
    }

    @Command(name = "resume", description = "Start builds by the schedule again; what was missed is not made up for.")
    static final class Resume extends Change {
        Resume(Surroundings surroundings) {
            super(surroundings, "resume");
        }
    }
}
