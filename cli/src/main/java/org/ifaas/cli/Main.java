package org.ifaas.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.ifaas.cli.command.Commands;
import org.ifaas.cli.command.Errors;
import org.ifaas.cli.factory.Home;
import org.ifaas.cli.factory.RemoteFactory;
import picocli.CommandLine;

/** The command line's beginning: {@code ifaas COMMAND …}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1 && arguments[0].equals("train")) {
            System.exit(Training.run());
        }
        var surroundings = Surroundings.real();
        if (arguments.length == 1 && arguments[0].equals("--version")) {
            // Scripts ask this often; it need not wait for a parser.
            surroundings.out().println("ifaas " + version());
            return;
        }
        System.exit(run(surroundings, arguments));
    }

    /** Runs one command; returns its exit code. No exception comes out, and no stack trace is shown. */
    public static int run(Surroundings surroundings, String... arguments) {
        var line = Commands.line(surroundings, arguments);
        line.setOut(new PrintWriter(surroundings.out(), true));
        line.setErr(new PrintWriter(surroundings.err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                surroundings.terminal().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.getCommandSpec().version("ifaas " + version());
        line.setParameterExceptionHandler((wrong, given) -> {
            Errors.print(surroundings, usage(wrong));
            return ExitCode.USAGE.code();
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            var stop = failure instanceof Stop known ? known : unexpected(failure, surroundings);
            Errors.print(surroundings, stop);
            return stop.exit().code();
        });
        return line.execute(arguments);
    }

    private static String version() {
        var version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static Stop usage(CommandLine.ParameterException wrong) {
        var similar = wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions()
                : java.util.List.<String>of();
        var command = wrong.getCommandLine().getCommandSpec().qualifiedName(" ");
        var help = command.equals("ifaas") ? "ifaas help" : command.replaceFirst("ifaas", "ifaas help");
        return new Stop(
                ExitCode.USAGE,
                String.valueOf(wrong.getMessage()),
                (similar.isEmpty() ? "" : "Did you mean: " + String.join(", ", similar) + "?\n") + "See: " + help);
    }

    private static Stop unexpected(Exception failure, Surroundings surroundings) {
        if (failure instanceof IOException) {
            return new Stop(
                    ExitCode.UNREACHABLE,
                    "the connection to the factory broke: " + failure.getMessage(),
                    "Try again; "
                            + RemoteFactory.url(surroundings)
                                    .map(url -> "see that " + url + " can be reached from here")
                                    .orElseGet(() -> "its log is "
                                            + Home.find(null, surroundings).resolve("log/server.log")));
        }
        return new Stop(
                ExitCode.UNREACHABLE,
                "unexpected: " + failure.getClass().getSimpleName()
                        + (failure.getMessage() == null ? "" : ": " + failure.getMessage()),
                "This is a mistake in ifaas. Where it happened is in " + written(failure, surroundings));
    }

    private static String written(Exception failure, Surroundings surroundings) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        try {
            var log = Home.find(null, surroundings).resolve("log");
            var file = Files.isDirectory(log)
                    ? log.resolve("cli.log")
                    : Files.createTempFile(Path.of(System.getProperty("java.io.tmpdir")), "ifaas", ".log");
            Files.writeString(
                    file,
                    surroundings.clock().instant() + " " + trace,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return file.toString();
        } catch (IOException e) {
            return "a file that could not be written: " + e.getMessage();
        }
    }
}
