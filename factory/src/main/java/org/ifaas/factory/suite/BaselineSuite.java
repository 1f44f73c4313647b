package org.ifaas.factory.suite;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * The suite that every image is held to, and the definition's own tests after it. Failing tests are results, not
 * exceptions: see {@link SuiteResult#check}. Failures of the link blame the HOST.
 */
public final class BaselineSuite {
    /** The first waits until the instance has settled; the last reads every file of every package, beside the others. */
    static final List<String> SCRIPTS = List.of(
            "boot", "cloud-init", "access", "leftovers", "disk", "console", "time", "hostname", "network", "packages");

    static final String TWO_INSTANCES = "two-instances";
    static final String REBOOT = "reboot";

    private final SuitePolicy policy;
    private final InstantSource clock;

    public BaselineSuite(SuitePolicy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Runs the suite on a freshly booted instance.
     *
     * @param console what the instance has written to its serial console so far; asked when it has settled
     */
    public SuiteResult run(SuiteInputs inputs, Connection connection, Supplier<String> console, StageLog log)
            throws StageFailure, InterruptedException {
        var files = Map.of("packages-offered.tsv", inputs.packagesOffered());
        var parameters = inputs.parameters(policy);
        SuiteResult result;
        try (var run = open(inputs, connection, parameters, files, shipped(SCRIPTS), log)) {
            result = run.runLastBeside(limit(inputs));
        }
        return result.and(new SuiteResult(List.of(loginShown(console.get(), log))))
                .and(ownOnly(inputs, connection, log));
    }

    /** Runs the definition's own tests alone, for images that can't run the baseline. */
    public SuiteResult ownOnly(SuiteInputs inputs, Connection connection, StageLog log)
            throws StageFailure, InterruptedException {
        if (inputs.own().isEmpty()) {
            return SuiteResult.NONE;
        }
        try (var run = open(inputs, connection, inputs.parameters(policy), Map.of(), inputs.own(), log)) {
            return run.run(limit(inputs));
        }
    }

    /** What tells the instance apart: to be had before a reboot or before a second instance is compared. */
    public Identity identity(SuiteInputs inputs, Connection connection, StageLog log)
            throws StageFailure, InterruptedException {
        try (var run = open(inputs, connection, Map.of(), Map.of(), shipped(List.of(Identity.SCRIPT)), log)) {
            return Identity.of(run);
        }
    }

    /** Compares a second instance of the image, on which it runs, with the first. */
    public SuiteResult secondInstance(SuiteInputs inputs, Identity first, Connection second, StageLog log)
            throws StageFailure, InterruptedException {
        return one(TWO_INSTANCES, inputs, first.parameters("IFAAS_OTHER"), second, log);
    }

    /** Looks at the instance again after it has been rebooted. */
    public SuiteResult afterReboot(SuiteInputs inputs, Identity before, Connection connection, StageLog log)
            throws StageFailure, InterruptedException {
        return one(REBOOT, inputs, before.parameters("IFAAS_BEFORE"), connection, log);
    }

    private SuiteResult one(
            String script, SuiteInputs inputs, Map<String, String> more, Connection connection, StageLog log)
            throws StageFailure, InterruptedException {
        var parameters = new TreeMap<>(inputs.parameters(policy));
        parameters.putAll(more);
        try (var run = open(inputs, connection, parameters, Map.of(), shipped(List.of(script)), log)) {
            return run.run(limit(inputs));
        }
    }

    private static List<Script> shipped(List<String> names) {
        return names.stream().map(Script::shipped).toList();
    }

    private SuiteRun open(
            SuiteInputs inputs,
            Connection connection,
            Map<String, String> parameters,
            Map<String, String> files,
            List<Script> scripts,
            StageLog log)
            throws StageFailure, InterruptedException {
        return SuiteRun.open(connection, inputs.user(), parameters, files, scripts, policy, clock, log);
    }

    /** The most a script may take: the time to settle on top, which the first and the one after a reboot wait for. */
    private Duration limit(SuiteInputs inputs) {
        return inputs.slow(policy.scriptLimit().plus(policy.settleLimit().multipliedBy(2)), policy);
    }

    private ScriptResult loginShown(String console, StageLog log) {
        var name = "the serial console shows a login prompt";
        boolean shown = console.contains(" login:");
        log.line("console log: %s", shown ? "shows a login prompt" : "FAILED, shows no login prompt");
        var test = shown
                ? TestCase.passed(name)
                : TestCase.failed(
                        name, console.isEmpty() ? "the console log is empty" : "the console log has no 'login:'");
        var tap = "TAP version 13\n" + (shown ? "ok" : "not ok") + " 1 - " + name + "\n1..1\n";
        return new ScriptResult("console-log", List.of(test), Map.of(), tap, clock.instant(), Duration.ZERO);
    }
}
