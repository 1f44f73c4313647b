package org.ifaas.sources;

import java.util.List;
import java.util.stream.Collectors;

/** An {@code image.yaml} that can't be used, with everything that is wrong with it. */
public final class InvalidDefinition extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Located> problems;

    InvalidDefinition(List<Located> problems) {
        super(problems.stream().map(Located::text).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Located> problems() {
        return problems;
    }

    /** @param line counted from 1 */
    public record Located(String file, int line, Problem problem) {
        public String text() {
            return file + ":" + line + ": " + problem.text();
        }
    }
}
