package org.ifaas.factory.publish;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.pipeline.BuildId;

/** Confirmations for tests that need no database. */
public final class InMemoryConfirmations implements Confirmations {
    private final Map<String, Confirmation> said = new LinkedHashMap<>();

    @Override
    public synchronized void record(Confirmation confirmation) {
        said.put(confirmation.build() + "/" + confirmation.step(), confirmation);
    }

    @Override
    public synchronized List<Confirmation> of(BuildId build) {
        return said.values().stream()
                .filter(confirmation -> confirmation.build().equals(build))
                .sorted(Comparator.comparing(Confirmation::step))
                .toList();
    }
}
