package org.ifaas.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Calls the command line as a shell would, with everything that it says kept. The clock stands still until it is moved. */
public final class Shell {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();
    private final @Nullable Path root;
    private volatile Fake terminal = new Fake(false, 80, 24, false);
    private volatile Instant now = Fixtures.START.plusSeconds(92);

    private record Fake(boolean live, int columns, int rows, boolean unicode) {}

    /** Asks the shell each time, so that it can be resized under a running view. */
    private final class Resizable implements Terminal {
        @Override
        public boolean asks() {
            return false;
        }

        @Override
        public boolean progress() {
            return false;
        }

        @Override
        public boolean colour() {
            return false;
        }

        @Override
        public Size size() {
            return new Size(terminal.columns(), terminal.rows());
        }

        @Override
        public boolean live() {
            return terminal.live();
        }

        @Override
        public boolean unicode() {
            return terminal.unicode();
        }
    }

    public Shell(Path home) {
        this(home, null);
    }

    /** @param root a folder with {@code bin/factory} */
    public Shell(Path home, @Nullable Path root) {
        environment.put("IFAAS_HOME", home.toString());
        this.root = root;
    }

    public Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Shell onTerminal(int columns, int rows) {
        terminal = new Fake(true, columns, rows, true);
        return this;
    }

    public void move(Duration time) {
        now = now.plus(time);
    }

    public Surroundings surroundings() {
        InstantSource clock = () -> now;
        return new Surroundings(
                Map.copyOf(environment),
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new Resizable(),
                clock,
                ZoneOffset.UTC,
                new Hints("ifaas"),
                root,
                null,
                false);
    }

    /** Its exit code. */
    public int run(String... arguments) {
        return Main.run(surroundings(), arguments);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
