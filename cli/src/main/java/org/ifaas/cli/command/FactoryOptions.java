package org.ifaas.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Connection;
import org.ifaas.cli.factory.Home;
import org.ifaas.cli.factory.RemoteFactory;
import org.ifaas.cli.factory.Rest;
import org.ifaas.cli.factory.RunningFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which factory a command means; shared by all that need one. */
final class FactoryOptions {
    private final Surroundings surroundings;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder in which the factory keeps everything; also IFAAS_HOME."
                    + " Root's is /var/lib/ifaas, a user's ~/.local/share/ifaas.")
    private @Nullable String home;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "Where a factory must be started: a PostgreSQL of yours instead of"
                    + " the embedded one, as a JDBC URL.")
    private @Nullable String database;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Where a factory must be started: its configuration file.")
    private @Nullable Path config;

    FactoryOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Path home() {
        return Home.find(home, surroundings);
    }

    /** The factory that is named elsewhere, unless a home is named here. */
    private Optional<Rest> elsewhere() {
        return home == null ? RemoteFactory.named(surroundings) : Optional.empty();
    }

    Connection connection() {
        var elsewhere = elsewhere();
        if (elsewhere.isPresent()) {
            return Connection.to(surroundings, elsewhere.get());
        }
        var arguments = serveArguments();
        arguments.add("--idle-exit");
        return new Connection(surroundings, home(), arguments);
    }

    /** All but the home. */
    List<String> serveArguments() {
        var arguments = new ArrayList<String>();
        if (database != null) {
            arguments.addAll(List.of("--database", database));
        }
        if (config != null) {
            arguments.addAll(List.of("--config", config.toAbsolutePath().toString()));
        }
        return arguments;
    }

    /** For commands that do not start a factory. */
    Rest running() {
        return elsewhere()
                .or(() -> RunningFactory.find(home()).map(RunningFactory::rest))
                .orElseThrow(() -> none());
    }

    private Stop none() {
        var keep = "To keep one running: " + surroundings.hints().of("serve");
        return RunningFactory.left(home())
                ? new Stop(
                        ExitCode.UNREACHABLE,
                        "no factory runs for " + home() + ": the last one ended without stopping,"
                                + " as by kill -9 or a reboot",
                        "The next command that needs one starts it, says which builds it found and resumes them, such as: "
                                + surroundings.hints().of("builds") + "\n" + keep)
                : new Stop(
                        ExitCode.UNREACHABLE,
                        "no factory runs for " + home(),
                        "Commands that need one start it. " + keep);
    }
}
