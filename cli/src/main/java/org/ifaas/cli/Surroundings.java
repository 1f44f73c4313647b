package org.ifaas.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the command line takes from where it runs.
 *
 * @param root the folder that holds {@code bin/factory}; null when not started by the launcher
 * @param product the built product, passed on to a factory that is started; null as before
 * @param superuser whether the user is root
 */
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        InstantSource clock,
        ZoneId zone,
        Hints hints,
        @Nullable Path root,
        @Nullable String product,
        boolean superuser) {

    /** The real ones. The launcher says in properties what only a shell can see cheaply. */
    public static Surroundings real() {
        var environment = System.getenv();
        var root = System.getProperty("ifaas.root");
        return new Surroundings(
                environment,
                System.in,
                stream(FileDescriptor.out, System.getProperty("stdout.encoding")),
                stream(FileDescriptor.err, System.getProperty("stderr.encoding")),
                Terminal.of(System.getProperty("ifaas.terminal", ""), environment),
                InstantSource.system(),
                ZoneId.systemDefault(),
                new Hints(System.getProperty("ifaas.command", "ifaas")),
                root == null ? null : Path.of(root),
                System.getProperty("ifaas.product"),
                "root".equals(System.getProperty("user.name")));
    }

    /** The same, of a command that was given these arguments. */
    Surroundings of(String... arguments) {
        return new Surroundings(
                environment, in, out, err, terminal, clock, zone, hints.after(arguments), root, product, superuser);
    }

    /** UTF-8 unless the locale names another; one that knows ASCII only must not spoil JSON and logs in a pipe. */
    private static PrintStream stream(FileDescriptor to, @Nullable String encoding) {
        var charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding, StandardCharsets.UTF_8);
        return new PrintStream(
                new FileOutputStream(to),
                true,
                charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset);
    }
}
