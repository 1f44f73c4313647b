package org.ifaas.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the factory's process.
 *
 * @param command {@code serve}, {@code restore} or {@code train}
 * @param file of {@code restore}
 * @param idleExit whether the factory goes when its work is done
 */
record Arguments(
        String command,
        Path home,
        @Nullable String databaseUrl,
        @Nullable Path config,
        @Nullable Path file,
        int port,
        boolean idleExit) {

    static final String USAGE =
            "serve|restore FILE|train [--home DIR] [--database URL] [--config FILE] [--port N] [--idle-exit]";

    /** @throws IllegalArgumentException with a text for the user */
    static Arguments read(List<String> words, Path defaultHome) {
        var rest = new ArrayList<>(words);
        var command = rest.isEmpty() ? "serve" : rest.removeFirst();
        if (!List.of("serve", "restore", "train").contains(command)) {
            throw new IllegalArgumentException("there is no command " + command + "; usage: " + USAGE);
        }
        var home = defaultHome;
        String database = null;
        Path config = null;
        Path file = null;
        int port = 0;
        boolean idleExit = false;
        while (!rest.isEmpty()) {
            var word = rest.removeFirst();
            switch (word) {
                case "--home" -> home = Path.of(value(word, rest));
                case "--database" -> database = value(word, rest);
                case "--config" -> config = Path.of(value(word, rest));
                case "--port" -> port = port(value(word, rest));
                case "--idle-exit" -> idleExit = true;
                default -> {
                    if (word.startsWith("-") || !command.equals("restore") || file != null) {
                        throw new IllegalArgumentException("unexpected: " + word + "; usage: " + USAGE);
                    }
                    file = Path.of(word);
                }
            }
        }
        if (command.equals("restore") && file == null) {
            throw new IllegalArgumentException("restore: name the file to restore from");
        }
        return new Arguments(command, home.toAbsolutePath().normalize(), database, config, file, port, idleExit);
    }

    private static String value(String option, List<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value; usage: " + USAGE);
        }
        return rest.removeFirst();
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port > 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, like one that is out of bounds.
        }
        throw new IllegalArgumentException("--port: " + value + " is not a port from 1 to 65535");
    }
}
