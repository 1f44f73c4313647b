package org.ifaas.store;

import org.ifaas.store.answer.AnswersOnPostgres;
import org.ifaas.store.audit.AuditOnPostgres;
import org.ifaas.store.backup.BackupOnPostgres;
import org.ifaas.store.journal.ConfirmationsOnPostgres;
import org.ifaas.store.journal.JournalOnPostgres;
import org.ifaas.store.journal.RequestsOnPostgres;
import org.ifaas.store.log.LogsOnPostgres;
import org.ifaas.store.outbox.OutboxOnPostgres;
import org.ifaas.store.queue.QueueOnPostgres;
import org.ifaas.store.retention.OutdatedOnPostgres;
import org.ifaas.store.schedule.SchedulesOnPostgres;
import org.junit.jupiter.api.Nested;

/** The store on the embedded PostgreSQL 18. */
class Embedded18Test {
    @Nested
    class Journal extends JournalOnPostgres {
        Journal() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Requests extends RequestsOnPostgres {
        Requests() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Confirmations extends ConfirmationsOnPostgres {
        Confirmations() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Outbox extends OutboxOnPostgres {
        Outbox() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Schedules extends SchedulesOnPostgres {
        Schedules() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Audit extends AuditOnPostgres {
        Audit() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Answers extends AnswersOnPostgres {
        Answers() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Outdated extends OutdatedOnPostgres {
        Outdated() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Logs extends LogsOnPostgres {
        Logs() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Queue extends QueueOnPostgres {
        Queue() {
            super(TestServer.embedded());
        }
    }

    @Nested
    class Backup extends BackupOnPostgres {
        Backup() {
            super(TestServer.embedded(), TestServer.embedded());
        }
    }
}
