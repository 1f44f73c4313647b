package org.ifaas.cli.factory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.ifaas.api.StatusView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/** A factory that answered. */
public record RunningFactory(Rest rest, StatusView status, long pid) {
    private static final int STATUS_MILLIS = 20_000;

    /** Empty when none runs for this home, whatever a dead one left. */
    public static Optional<RunningFactory> find(Path home) {
        return FactoryFile.ofLiving(home).flatMap(file -> ask(file, home));
    }

    /** Where it would be asked, without asking whether it answers. */
    public static Optional<Rest> announced(Path home) {
        return FactoryFile.ofLiving(home).map(RunningFactory::rest);
    }

    /** Stops the factory of this home and waits for its end; false when none runs. */
    public static boolean stop(Path home) throws IOException {
        var file = FactoryFile.ofLiving(home);
        if (file.isEmpty()) {
            return false;
        }
        var process = ProcessHandle.of(file.get().pid());
        try {
            rest(file.get()).post(Address.of("shutdown"), null);
        } catch (ConnectException e) {
            // The process id belongs to something else by now.
            return false;
        } catch (Refused e) {
            // While its database is away it can't write down who asks; a signal asks nobody.
            if (!e.isForNow() || !process.map(ProcessHandle::destroy).orElse(true)) {
                throw e;
            }
        }
        process.ifPresent(running -> running.onExit().join());
        return true;
    }

    private static Rest rest(FactoryFile file) {
        return new Rest(URI.create(file.url()), file.token());
    }

    /** Whether the last factory of this home left what it says while it runs; asked where none answers. */
    public static boolean left(Path home) {
        return FactoryFile.read(home).isPresent();
    }

    /** Whether a factory of this home ended without saying so, as after kill -9 or a power cut. */
    public static boolean crashed(Path home) {
        return FactoryFile.read(home).filter(file -> !file.alive()).isPresent();
    }

    private static Optional<RunningFactory> ask(FactoryFile file, Path home) {
        var rest = rest(file);
        try {
            var status = Json.read(rest.get(Address.of("status"), STATUS_MILLIS), StatusView.class);
            return Optional.of(new RunningFactory(rest, status, file.pid()));
        } catch (ConnectException e) {
            // The process id belongs to something else by now.
            return Optional.empty();
        } catch (IOException e) {
            throw new Stop(
                    ExitCode.UNREACHABLE,
                    "the factory (process " + file.pid() + ", " + file.url() + ") does not answer: " + e.getMessage(),
                    "See " + home.resolve("log/server.log") + ". If it hangs, end process " + file.pid()
                            + "; the next command starts a factory and resumes its builds.");
        }
    }
}
