package org.ifaas.cli.factory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** The way to the factory of one home, which is started where none runs, or to one elsewhere. */
public final class Connection {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int ELSEWHERE_PAUSE_MILLIS = 750;

    private final Surroundings surroundings;
    private final @Nullable Path home;
    private final List<String> serveArguments;
    private @Nullable Rest rest;

    /** @param serveArguments for a factory that must be started */
    public Connection(Surroundings surroundings, Path home, List<String> serveArguments) {
        this.surroundings = surroundings;
        this.home = home;
        this.serveArguments = List.copyOf(serveArguments);
    }

    private Connection(Surroundings surroundings, Rest elsewhere) {
        this.surroundings = surroundings;
        this.home = null;
        this.serveArguments = List.of();
        this.rest = elsewhere;
    }

    /** To a factory that is none of this command's to start. */
    public static Connection to(Surroundings surroundings, Rest elsewhere) {
        return new Connection(surroundings, elsewhere);
    }

    public synchronized Rest rest() throws IOException, InterruptedException {
        if (rest == null && home != null) {
            var running = running(home);
            rest = running.isPresent() ? running.get() : start(home);
        }
        return Objects.requireNonNull(rest);
    }

    /** One that refuses for now runs, and may answer what does not need its database. */
    private static Optional<Rest> running(Path home) {
        try {
            return RunningFactory.find(home).map(RunningFactory::rest);
        } catch (Refused e) {
            if (e.isForNow()) {
                return RunningFactory.announced(home);
            }
            throw e;
        }
    }

    /**
     * After {@code lost} broke: waits for the factory to come back, or starts it when it crashed. One that somebody stopped
     * stays stopped.
     */
    public synchronized Rest again(Rest lost, Consumer<String> note) throws IOException, InterruptedException {
        if (rest != null && rest != lost) {
            return rest;
        }
        if (home == null) {
            Thread.sleep(ELSEWHERE_PAUSE_MILLIS);
            return lost;
        }
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (System.nanoTime() < deadline) {
            Thread.sleep(250);
            try {
                var running = RunningFactory.find(home);
                if (running.isPresent()) {
                    return rest = running.get().rest();
                }
            } catch (Refused e) {
                if (e.isForNow()) {
                    return lost;
                }
                throw e;
            }
            if (RunningFactory.crashed(home)) {
                note.accept("The factory is gone; starting it again");
                return rest = start(home);
            }
        }
        throw new Stop(
                ExitCode.UNREACHABLE,
                "the factory was stopped",
                "Its builds are not lost: the next command that needs a factory starts it and resumes them.");
    }

    private Rest start(Path home) throws IOException, InterruptedException {
        return new FactoryStart(surroundings, home, serveArguments).start().rest();
    }
}
