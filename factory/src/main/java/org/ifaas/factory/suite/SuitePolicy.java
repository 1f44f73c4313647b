package org.ifaas.factory.suite;

import java.time.Duration;

/**
 * How much a suite may cost.
 *
 * @param scriptLimit the most one script may take with hardware acceleration
 * @param settleLimit how long an instance may go on booting after its first login, with hardware acceleration
 * @param mostPatience the most by which these are multiplied where an instance runs slower
 * @param outputBytes how much of a script's output is kept; more fails the script
 */
public record SuitePolicy(Duration scriptLimit, Duration settleLimit, int mostPatience, int outputBytes) {
    public static SuitePolicy defaults() {
        return new SuitePolicy(Duration.ofSeconds(90), Duration.ofSeconds(60), 6, 1 << 20);
    }
}
