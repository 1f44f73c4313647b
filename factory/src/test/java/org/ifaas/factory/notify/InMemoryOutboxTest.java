package org.ifaas.factory.notify;

class InMemoryOutboxTest implements OutboxContract {
    private final InMemoryOutbox outbox = new InMemoryOutbox();

    @Override
    public Outbox outbox() {
        return outbox;
    }
}
