package org.ifaas.hosts.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;

/**
 * SSH has no argument vectors: what is sent goes through the login shell of the other side. Here is the one place where a
 * vector becomes such a text, each word in single quotes, in which a POSIX shell finds nothing to interpret.
 */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Linux takes no single argument above 128 KiB, and the whole text is one argument of the login shell. */
    private static final int LIMIT = 120 * 1024;

    private ShellWords() {}

    static String join(List<String> words) {
        var text = new StringBuilder();
        for (var word : words) {
            if (word.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("an argument holds a NUL character");
            }
            text.append(text.isEmpty() ? "" : " ")
                    .append('\'')
                    .append(word.replace("'", "'\\''"))
                    .append('\'');
        }
        if (text.length() > LIMIT) {
            throw new IllegalArgumentException(
                    "the command is longer than " + LIMIT + " characters: " + words.getLast());
        }
        return text.toString();
    }

    /** For people: quoted only where it has to be. */
    static String shown(String word) {
        return PLAIN.matcher(word).matches() ? word : join(List.of(word));
    }

    /** The command's vector with its environment set by {@code env}. */
    static List<String> argv(Command command) {
        if (command.argv().isEmpty() || !command.directory().startsWith("/")) {
            throw new IllegalArgumentException("a command needs a program and an absolute directory: " + command);
        }
        if (command.environment().isEmpty()) {
            return command.argv();
        }
        var words = new ArrayList<String>();
        words.add("env");
        command.environment().forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                throw new IllegalArgumentException("not the name of an environment variable: " + name);
            }
            words.add(name + "=" + value);
        });
        if (command.argv().getFirst().contains("=")) {
            throw new IllegalArgumentException(
                    "a program's name may hold no '=': " + command.argv().getFirst());
        }
        words.addAll(command.argv());
        return words;
    }
}
