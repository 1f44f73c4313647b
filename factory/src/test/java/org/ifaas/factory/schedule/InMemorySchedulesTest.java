package org.ifaas.factory.schedule;

import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Journal;

class InMemorySchedulesTest implements SchedulesContract {
    private final Journal journal = new InMemoryJournal();
    private final InMemorySchedules schedules = new InMemorySchedules(journal);

    @Override
    public Schedules schedules() {
        return schedules;
    }

    @Override
    public Journal journal() {
        return journal;
    }
}
