package org.ifaas.factory.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

class InMemoryBuildQueueTest implements BuildQueueContract {
    private final List<InMemoryBuildQueue> queues = new ArrayList<>();

    @Override
    public BuildQueue queue(Consumer<BuildId> handler, int limit) {
        queues.add(new InMemoryBuildQueue(handler, limit));
        return queues.getLast();
    }

    @AfterEach
    void close() {
        queues.forEach(InMemoryBuildQueue::close);
    }
}
