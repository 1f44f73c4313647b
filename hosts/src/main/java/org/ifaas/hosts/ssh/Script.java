package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A shell script of ours that travels to the machine inside the command, so that nothing has to be there before. */
enum Script {
    RUN("run.sh"),
    DETACH("detach.sh"),
    RUNNER("runner.sh"),
    FILES("files.sh");

    private final String text;

    Script(String resource) {
        try (var in = Objects.requireNonNull(Script.class.getResourceAsStream(resource), resource)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.strip().startsWith("#") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    String command(String... arguments) {
        return command(List.of(arguments));
    }

    String command(List<String> arguments) {
        var words = new ArrayList<>(List.of("sh", "-c", text, "ifaas"));
        words.addAll(arguments);
        return ShellWords.join(words);
    }
}
