package org.ifaas.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ifaas.cli.command.Commands;
import org.ifaas.cli.command.Errors;
import org.ifaas.cli.command.Fields;
import org.ifaas.cli.factory.Home;
import org.ifaas.cli.factory.Refused;
import org.ifaas.cli.factory.RemoteFactory;
import org.jspecify.annotations.Nullable;
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
    public static int run(Surroundings where, String... arguments) {
        var surroundings = where.of(arguments);
        var line = Commands.line(surroundings, arguments);
        line.setOut(new PrintWriter(surroundings.out(), true));
        line.setErr(new PrintWriter(surroundings.err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                surroundings.terminal().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.getCommandSpec().version("ifaas " + version());
        line.setParameterExceptionHandler((wrong, given) -> {
            Errors.print(surroundings, usage(wrong, surroundings.hints()));
            return ExitCode.USAGE.code();
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            var stop = switch (failure) {
                case Refused refused -> Fields.named(refused, command.getCommandSpec());
                case Stop known -> known;
                default -> unexpected(failure, surroundings, command.getParseResult());
            };
            Errors.print(surroundings, stop);
            return stop.exit().code();
        });
        return line.execute(arguments);
    }

    private static String version() {
        var version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private static Stop usage(CommandLine.ParameterException wrong, Hints hints) {
        var similar = wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions()
                : List.<String>of();
        var command = wrong.getCommandLine().getCommandSpec().qualifiedName(" ");
        var help = hints.of(command.replaceFirst("ifaas", "help"));
        return new Stop(
                ExitCode.USAGE,
                said(wrong),
                (similar.isEmpty() ? "" : "Did you mean: " + String.join(", ", similar) + "?\n") + "See: " + help);
    }

    /** Picocli's sentence, but where it says less than it could. */
    private static String said(CommandLine.ParameterException wrong) {
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && wrong.getCommandLine().getParent() == null) {
            var first = unmatched.getUnmatched().getFirst();
            return first.startsWith("-")
                    ? first + " is given before a command, or without one"
                    : "there is no command '" + first + "'";
        }
        return String.valueOf(wrong.getMessage())
                .replaceFirst("^Error: ", "")
                .replace("is not an int", "is not a whole number");
    }

    private static Stop unexpected(
            Exception failure, Surroundings surroundings, CommandLine.@Nullable ParseResult parsed) {
        var home = Home.find(parsed == null ? null : parsed.matchedOptionValue("--home", null), surroundings);
        if (failure instanceof IOException) {
            return new Stop(
                    ExitCode.UNREACHABLE,
                    "the connection to the factory broke: " + failure.getMessage(),
                    "Try again; "
                            + RemoteFactory.url(surroundings)
                                    .map(url -> "see that " + url + " can be reached from here")
                                    .orElseGet(() -> "its log is " + home.resolve("log/server.log")));
        }
        return new Stop(
                ExitCode.UNREACHABLE,
                "unexpected: " + failure.getClass().getSimpleName()
                        + (failure.getMessage() == null ? "" : ": " + failure.getMessage()),
                "This is a mistake in ifaas. Where it happened is in " + written(failure, surroundings, home));
    }

    private static String written(Exception failure, Surroundings surroundings, Path home) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        try {
            var log = home.resolve("log");
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
