package org.ifaas.factory.pipeline;

import java.util.Map;

/** The pipeline of each kind of build: all choose from the same stages. */
public record Pipelines(Map<Kind, Pipeline> byKind) {
    public Pipelines {
        byKind = Map.copyOf(byKind);
    }

    /** @throws IllegalStateException when this factory has none of that kind */
    public Pipeline of(Build build) {
        var kind = build.parameters().kind();
        var pipeline = byKind.get(kind);
        if (pipeline == null) {
            throw new IllegalStateException("this factory has no pipeline of kind " + kind.word());
        }
        return pipeline;
    }
}
