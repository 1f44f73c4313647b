package org.ifaas.cli.factory;

import java.nio.file.Path;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** Where a factory keeps everything. */
public final class Home {
    private Home() {}

    /** The option, IFAAS_HOME, root's {@code /var/lib/ifaas}, a user's {@code ~/.local/share/ifaas}; absolute. */
    public static Path find(@Nullable Path option, Surroundings surroundings) {
        var environment = surroundings.environment();
        if (option != null) {
            return option.toAbsolutePath().normalize();
        }
        var named = environment.getOrDefault("IFAAS_HOME", "");
        if (!named.isEmpty()) {
            return Path.of(named).toAbsolutePath().normalize();
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
}
