package org.ifaas.sources;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.file.FileLock;

/** The program git, kept from asking questions, running hooks and reading anybody's configuration. */
final class Git {
    private static final long MOST_TEXT = 8L << 20;

    private static final String CONFIGURATION = """
            # Written by the Image Factory. Which repositories are read is the operator's decision, so that it does not
            # matter whose they are; no command in them is ever run.
            [safe]
            \tdirectory = *
            [core]
            \thooksPath = /dev/null
            \tfsmonitor = false
            \taskPass =
            [gc]
            \tautoDetach = false
            \tpruneExpire = 90.days
            [maintenance]
            \tautoDetach = false
            [user]
            \tname = Image Factory
            \temail = factory@localhost
            """;

    private final Path folder;
    private final GitPolicy policy;

    /** @param folder of the factory's own, where git's configuration is kept; made when it is missing */
    Git(Path folder, GitPolicy policy) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        this.policy = policy;
        var configuration = folder.resolve("gitconfig");
        if (!Files.exists(configuration) || !Files.readString(configuration).equals(CONFIGURATION)) {
            var temporary = Files.createTempFile(folder, "gitconfig", null);
            Files.writeString(temporary, CONFIGURATION);
            try {
                Files.move(temporary, configuration, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, configuration, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    Program.Output run(List<String> arguments) throws IOException, InterruptedException {
        return program(arguments, Map.of(), policy.commandLimit(), MOST_TEXT).run(new byte[0]);
    }

    /** Standard output of a command that must succeed, without the last line's end. */
    String read(String... arguments) throws IOException, InterruptedException {
        return read(List.of(arguments), Map.of(), new byte[0]);
    }

    String read(List<String> arguments, Map<String, String> environment, byte[] input)
            throws IOException, InterruptedException {
        var output = program(arguments, environment, policy.commandLimit(), MOST_TEXT)
                .run(input);
        if (output.exit() != 0) {
            throw new IOException(failure(arguments, output));
        }
        return output.text().stripTrailing();
    }

    Program program(List<String> arguments, Map<String, String> environment, Duration limit, long mostOutput) {
        var argv = new ArrayList<String>();
        argv.add("git");
        argv.addAll(arguments);
        var variables = new HashMap<>(Map.of(
                "GIT_CONFIG_GLOBAL", folder.resolve("gitconfig").toString(),
                "GIT_CONFIG_NOSYSTEM", "1",
                "GIT_ATTR_NOSYSTEM", "1",
                "GIT_TERMINAL_PROMPT", "0",
                "GIT_ASKPASS", "",
                // Nothing is asked of anybody, but where a mirror says of whom and how.
                "GIT_SSH_COMMAND", "false",
                "GIT_SSH_VARIANT", "ssh",
                "GIT_ALLOW_PROTOCOL", "",
                "GIT_OPTIONAL_LOCKS", "0"));
        // curl looks for a .netrc there.
        variables.put("HOME", folder.toString());
        variables.put("XDG_CONFIG_HOME", folder.toString());
        variables.putAll(environment);
        return new Program(List.copyOf(argv), folder, variables, limit, mostOutput);
    }

    /** Nobody else changes that repository meanwhile. */
    static FileLock alone(Path repository) throws IOException, InterruptedException {
        var file = repository.toAbsolutePath().resolveSibling(repository.getFileName() + ".lock");
        Files.createDirectories(file.getParent());
        return FileLock.on(file);
    }

    /** What git said, without credentials, in one line. */
    static String failure(List<String> arguments, Program.Output output) {
        var said = output.error()
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("hint:"))
                .reduce((first, last) -> last.startsWith("fatal:") || last.startsWith("error:") ? last : first)
                .orElse("git ended with code " + output.exit());
        var verb = arguments.stream()
                .filter(a -> !a.startsWith("-") && !a.startsWith("/"))
                .findFirst()
                .orElse("");
        return "git " + verb + ": " + redacted(said);
    }

    static String redacted(String text) {
        return Problem.shown(text.replaceAll("://[^/@\\s]+@", "://***@"), 300);
    }
}
