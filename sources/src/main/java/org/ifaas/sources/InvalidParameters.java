package org.ifaas.sources;

import java.util.List;
import java.util.stream.Collectors;

/** Parameters of a build that can't be used, with everything that is wrong with them. */
public final class InvalidParameters extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidParameters(List<Problem> problems) {
        super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
