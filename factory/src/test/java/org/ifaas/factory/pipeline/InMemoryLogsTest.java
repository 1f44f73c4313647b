package org.ifaas.factory.pipeline;

class InMemoryLogsTest implements LogsContract {
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public BuildId running() {
        return BuildId.random();
    }

    @Override
    public void end(BuildId build) {
        // the fake learns it from closeAll
    }
}
