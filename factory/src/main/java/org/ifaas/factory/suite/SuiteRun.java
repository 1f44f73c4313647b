package org.ifaas.factory.suite;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Scripts on one machine: uploads them into a folder of their own, runs them one by one, removes the folder. */
final class SuiteRun implements AutoCloseable {
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Pattern FOLDER = Pattern.compile("/tmp/ifaas-test\\.[A-Za-z0-9]{10}");
    private static final Pattern EXIT = Pattern.compile("exit (\\d{1,3})");
    private static final List<String> SHARED = List.of("lib.sh", "system.sh", "run.sh");

    private final Connection connection;
    private final boolean sudo;
    private final InstantSource clock;
    private final StageLog log;
    private final SuitePolicy policy;
    private final String folder;
    private final List<Script> scripts;

    private SuiteRun(
            Connection connection,
            boolean sudo,
            String folder,
            List<Script> scripts,
            SuitePolicy policy,
            InstantSource clock,
            StageLog log) {
        this.connection = connection;
        this.sudo = sudo;
        this.folder = folder;
        this.scripts = List.copyOf(scripts);
        this.policy = policy;
        this.clock = clock;
        this.log = log;
    }

    /**
     * @param user the account that the connection logs in to
     * @param parameters variables that the scripts see
     * @param files further files for the scripts' folder, name to content
     * @param scripts those that are to be run
     */
    static SuiteRun open(
            Connection connection,
            String user,
            Map<String, String> parameters,
            Map<String, String> files,
            List<Script> scripts,
            SuitePolicy policy,
            InstantSource clock,
            StageLog log)
            throws StageFailure, InterruptedException {
        boolean sudo = !user.equals("root");
        if (sudo && connection.run(Command.of("sudo", "-n", "true"), log, SHORT) != 0) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "user " + user + " of the test instance can't use sudo, which the tests need",
                    "Have the image install sudo, and cloud-init give its user the right to use it.");
        }
        var answer = connection
                .read(Command.of("mktemp", "-d", "/tmp/ifaas-test.XXXXXXXXXX"), SHORT)
                .strip();
        if (!FOLDER.matcher(answer).matches()) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "the test instance's mktemp answered something else than a folder",
                    "Look at the image.");
        }
        var all = new LinkedHashMap<String, byte[]>();
        SHARED.forEach(name -> all.put(name, bytes(Script.resource(name))));
        all.put("env", bytes(Parameters.file(parameters)));
        files.forEach((name, content) -> all.put(name, bytes(content)));
        for (int i = 0; i < scripts.size(); i++) {
            all.put(file(i, scripts.get(i)), bytes(scripts.get(i).content()));
        }
        var archive = answer + "/suite.tar";
        connection.upload(new ByteArrayInputStream(Ustar.of(all)), archive, 0600);
        connection.read(Command.of("tar", "-C", answer, "-xf", archive), SHORT);
        return new SuiteRun(connection, sudo, answer, scripts, policy, clock, log);
    }

    /** Runs all of them, one after the other. */
    SuiteResult run(Duration limit) throws StageFailure, InterruptedException {
        return run(0, scripts.size(), limit);
    }

    /** Runs the first alone, and then the last, which takes longest, beside the others. */
    SuiteResult runLastBeside(Duration limit) throws StageFailure, InterruptedException {
        int last = scripts.size() - 1;
        var first = run(0, 1, limit);
        try (var longest = new Meanwhile<>(() -> run(last, last + 1, limit))) {
            return first.and(run(1, last, limit)).and(longest.result());
        }
    }

    private SuiteResult run(int from, int to, Duration limit) throws StageFailure, InterruptedException {
        var results = new ArrayList<ScriptResult>();
        for (int i = from; i < to; i++) {
            results.add(run(scripts.get(i), file(i, scripts.get(i)), limit));
        }
        return new SuiteResult(results);
    }

    private ScriptResult run(Script script, String file, Duration limit) throws StageFailure, InterruptedException {
        var started = clock.instant();
        var output = output(file, limit);
        var problems = new ArrayList<String>();
        if (output.text().length() >= policy.outputBytes()) {
            problems.add("it printed more than " + policy.outputBytes() + " bytes");
        }
        var stream = Tap.parse(output.text(), output.exit(), problems);
        var took = Duration.between(started, clock.instant());
        var result = new ScriptResult(script.name(), stream.cases(), stream.figures(), output.text(), started, took);
        tell(result);
        return result;
    }

    /** @param exit the script's exit code */
    record Output(int exit, String text) {}

    /** Runs one of the files in the folder. */
    Output output(String file, Duration limit) throws StageFailure, InterruptedException {
        var argv = new ArrayList<String>();
        if (sudo) {
            argv.addAll(List.of("sudo", "-n"));
        }
        argv.addAll(List.of(
                "/bin/sh",
                folder + "/run.sh",
                file,
                Long.toString(Math.max(1, limit.toSeconds())),
                Integer.toString(policy.outputBytes())));
        var answer = connection.read(Command.of(argv.toArray(String[]::new)), limit.plus(SHORT));
        int end = answer.indexOf('\n');
        var exit = EXIT.matcher(end < 0 ? answer : answer.substring(0, end));
        return exit.matches()
                ? new Output(Integer.parseInt(exit.group(1)), answer.substring(end + 1))
                : new Output(255, answer);
    }

    /** Its lines stay together, whatever runs beside it. */
    private synchronized void tell(ScriptResult result) {
        log.line(
                "%s: %d passed, %d failed, %d skipped, %.1f s",
                result.name(),
                result.count(Outcome.Passed.class),
                result.count(Outcome.Failed.class),
                result.count(Outcome.Skipped.class) + result.count(Outcome.Warned.class),
                result.took().toMillis() / 1000.0);
        for (var test : result.cases()) {
            switch (test.outcome()) {
                case Outcome.Passed() -> {}
                case Outcome.Failed(String why) -> {
                    log.line("  FAILED  %s", test.name());
                    why.lines().limit(12).forEach(line -> log.line("          %s", line));
                }
                case Outcome.Skipped(String reason) -> log.line("  skipped %s: %s", test.name(), reason);
                case Outcome.Warned(String reason) -> {
                    log.line("  warning %s", test.name());
                    test.details().stream().limit(4).forEach(line -> log.line("          %s", line));
                }
            }
        }
    }

    String folder() {
        return folder;
    }

    /** The baseline's own scripts keep their names; those of a definition are numbered, whatever they are called. */
    private static String file(int index, Script script) {
        return script.name().matches("[a-z-]{1,40}") ? script.name() + ".sh" : "own-" + index;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The instance is thrown away in any case: not being able to tidy it is no failure. */
    @Override
    public void close() {
        try {
            var remove =
                    sudo ? Command.of("sudo", "-n", "rm", "-rf", "--", folder) : Command.of("rm", "-rf", "--", folder);
            connection.run(remove, log, SHORT);
        } catch (StageFailure e) {
            log.line("%s could not be removed from the instance: %s", folder, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
