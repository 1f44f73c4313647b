package org.ifaas.factory.publish;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers as long as it lives. */
public final class InMemoryPublisherLog implements PublisherLog {
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    @Override
    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    @Override
    public void write(Entry entry) {
        entries.put(entry.nonce(), entry);
    }
}
