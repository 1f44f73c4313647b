package org.ifaas.factory.schedule;

import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Journal;

class InMemorySchedulesTest implements SchedulesContract {
    private final Journal journal = new InMemoryJournal();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> T0);
    private final InMemorySchedules schedules = new InMemorySchedules(journal, audit);

    @Override
    public Schedules schedules() {
        return schedules;
    }

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public AuditLog audit() {
        return audit;
    }
}
