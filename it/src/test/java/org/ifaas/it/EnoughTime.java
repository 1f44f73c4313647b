package org.ifaas.it;

import java.time.Instant;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A slow machine's whole run ends in time: no class begins after {@code IFAAS_TEST_UNTIL} (seconds since 1970), which {@code
 * ./test} sets. What was not begun is counted as skipped, and told.
 */
public final class EnoughTime implements ExecutionCondition {
    private static final String UNTIL = System.getenv("IFAAS_TEST_UNTIL");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (UNTIL == null || context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("whatever has begun goes to its end");
        }
        return Instant.now().getEpochSecond() < Long.parseLong(UNTIL)
                ? ConditionEvaluationResult.enabled("there is time")
                : ConditionEvaluationResult.disabled("there was no time left for it: IFAAS_TEST_MINUTES");
    }
}
