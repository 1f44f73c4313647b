package org.ifaas.sources;

import java.util.List;
import org.ifaas.factory.pipeline.Parameters;

/**
 * A build that somebody asks for.
 *
 * @param parameters without what is wrong with them, so that the rest can be checked too
 * @param problems what is wrong with them
 */
public record Asked(Parameters parameters, List<Problem> problems) {
    public Asked {
        problems = List.copyOf(problems);
    }

    /** @throws InvalidParameters where something is wrong with them */
    public Parameters whole() throws InvalidParameters {
        if (!problems.isEmpty()) {
            throw new InvalidParameters(problems);
        }
        return parameters;
    }

    boolean wrong(String field) {
        return problems.stream().anyMatch(problem -> problem.field().equals(field));
    }
}
