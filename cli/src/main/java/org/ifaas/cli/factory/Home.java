package org.ifaas.cli.factory;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** Where a factory keeps everything. */
public final class Home {
    private Home() {}

    /**
     * The option, IFAAS_HOME, root's {@code /var/lib/ifaas}, a user's {@code ~/.local/share/ifaas}; absolute.
     *
     * @throws Stop when there can't be a home of that name
     */
    public static Path find(@Nullable String option, Surroundings surroundings) {
        var environment = surroundings.environment();
        if (option != null) {
            return named("--home", option);
        }
        var named = environment.getOrDefault("IFAAS_HOME", "");
        if (!named.isEmpty()) {
            return named("IFAAS_HOME", named);
        }
        if (surroundings.superuser()) {
            return Path.of("/var/lib/ifaas");
        }
        var data = environment.getOrDefault("XDG_DATA_HOME", "");
        return data.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "."), ".local/share/ifaas")
                        .toAbsolutePath()
                : Path.of(data, "ifaas");
    }

    /** PostgreSQL notes its folder in a file of lines; a path beyond ASCII is one only where the locale has its characters. */
    private static Path named(String field, String value) {
        if (value.isEmpty()) {
            throw refused(field, value, "is empty", "Name a folder, or leave it out for the usual one.");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw refused(field, value, "has a line break or another control character", "Name a folder without.");
        }
        if (value.contains("\"") || value.contains(":")) {
            throw refused(
                    field,
                    value,
                    "has a double quote or a colon, and apt, which makes the build hosts' file systems there, takes neither",
                    "Name a folder without.");
        }
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw refused(
                    field,
                    value,
                    "has characters that this locale does not know",
                    "Set a locale of UTF-8, such as LC_ALL=C.UTF-8, or name a folder in ASCII.");
        }
    }

    private static Stop refused(String field, String value, String why, String mend) {
        var shown = value.replaceAll("\\p{Cntrl}", "?");
        return new Stop(ExitCode.USAGE, field + " '" + shown + "' " + why, mend);
    }
}
