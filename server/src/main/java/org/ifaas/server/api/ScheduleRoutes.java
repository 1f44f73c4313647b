package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.ifaas.api.Decision;
import org.ifaas.api.ScheduleView;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.factory.schedule.Scheduling;

/** {@code /api/v1/schedules}. */
public final class ScheduleRoutes implements HttpService {
    private final Scheduling scheduling;
    private final Lists lists;

    public ScheduleRoutes(Scheduling scheduling, Lists lists) {
        this.scheduling = scheduling;
        this.lists = lists;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).post("/{image}/pause", this::pause).post("/{image}/resume", this::resume);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Json.send(
                request,
                response,
                lists.schedules(Caller.of(request)).stream().map(this::view).toList());
    }

    private void pause(ServerRequest request, ServerResponse response) {
        var reason = Json.read(request, Decision.class).reason();
        var why = reason == null || reason.isBlank() ? "no reason was given" : reason;
        var schedule = schedule(request);
        scheduling.pause(schedule.image(), Caller.of(request).name(), why);
        Json.send(response, view(schedule(request)));
    }

    private void resume(ServerRequest request, ServerResponse response) {
        var schedule = schedule(request);
        scheduling.resume(schedule.image(), Caller.of(request).name());
        Json.send(response, view(schedule(request)));
    }

    private Schedule schedule(ServerRequest request) {
        var image = Named.image(request);
        return scheduling
                .find(image)
                .orElseThrow(() -> Refusal.notFound(
                        "schedule", image, "'ifaas schedules' lists them; an image's is written in its image.yaml."));
    }

    private ScheduleView view(Schedule schedule) {
        var timing = schedule.declared().timing();
        var paused = schedule.paused();
        var next = schedule.next();
        return new ScheduleView(
                schedule.image(),
                timing.cron(),
                timing.zone().getId(),
                timing.jitter().toSeconds(),
                schedule.declared().source(),
                paused == null ? "ACTIVE" : "PAUSED",
                paused == null ? null : paused.by(),
                paused == null ? null : paused.at(),
                paused == null ? null : paused.reason(),
                schedule.failures(),
                schedule.last() == null ? null : schedule.last().value(),
                schedule.lastStart(),
                paused != null || next == null ? null : next.start(),
                scheduling.runs(schedule));
    }
}
