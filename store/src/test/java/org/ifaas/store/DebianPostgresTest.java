package org.ifaas.store;

import org.ifaas.store.audit.AuditOnPostgres;
import org.ifaas.store.backup.BackupOnPostgres;
import org.ifaas.store.journal.ConfirmationsOnPostgres;
import org.ifaas.store.journal.JournalOnPostgres;
import org.ifaas.store.journal.RequestsOnPostgres;
import org.ifaas.store.log.LogsOnPostgres;
import org.ifaas.store.outbox.OutboxOnPostgres;
import org.ifaas.store.queue.QueueOnPostgres;
import org.ifaas.store.schedule.SchedulesOnPostgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The store on the PostgreSQL of the Debian that the tests run on; downloads its packages on the first run. */
@Tag("slow")
class DebianPostgresTest {
    @Nested
    class Journal extends JournalOnPostgres {
        Journal() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Requests extends RequestsOnPostgres {
        Requests() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Confirmations extends ConfirmationsOnPostgres {
        Confirmations() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Outbox extends OutboxOnPostgres {
        Outbox() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Schedules extends SchedulesOnPostgres {
        Schedules() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Audit extends AuditOnPostgres {
        Audit() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Logs extends LogsOnPostgres {
        Logs() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Queue extends QueueOnPostgres {
        Queue() {
            super(TestServer.debian());
        }
    }

    @Nested
    class Backup extends BackupOnPostgres {
        Backup() {
            super(TestServer.embedded(), TestServer.debian());
        }
    }
}
