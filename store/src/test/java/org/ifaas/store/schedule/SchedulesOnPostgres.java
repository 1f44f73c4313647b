package org.ifaas.store.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.schedule.Schedules;
import org.ifaas.factory.schedule.SchedulesContract;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.Test;

public abstract class SchedulesOnPostgres extends StoreTest implements SchedulesContract {
    protected SchedulesOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Schedules schedules() {
        return store.schedules();
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    @Override
    public AuditLog audit() {
        return store.audit();
    }

    @Test
    void a_pause_after_failures_is_an_event_and_one_by_a_person_is_none() {
        schedules().put(WEEKLY, FIRST);
        var build = BuildId.random();
        schedules().start("tiny", FIRST, SECOND, build, Parameters.of("tiny"), T0);
        schedules().ended("tiny", build, 3, PAUSE);
        schedules().resume("tiny", SECOND);
        schedules().pause("tiny", PAUSE);
        assertThat(store.outbox().unsettled(10))
                .isEqualTo(List.of(Event.schedulePaused("tiny", build, T0, PAUSE.reason())));
    }
}
