package org.ifaas.factory.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A connection to the machine that the test runs on: its short commands, for real. */
public class LocalConnection implements Connection {
    final List<Command> commands = new CopyOnWriteArrayList<>();
    boolean closed;

    @Override
    public int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
        var process = start(command, true);
        text(process).lines().forEach(log::line);
        return process.waitFor();
    }

    @Override
    public String read(Command command, Duration limit) throws StageFailure, InterruptedException {
        var process = start(command, false);
        var text = text(process);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            throw new StageFailure(Blame.HOST, String.join(" ", command.argv()) + " failed", "Retry.");
        }
        return text;
    }

    private Process start(Command command, boolean merged) throws StageFailure {
        commands.add(command);
        try {
            var builder = new ProcessBuilder(command.argv()).redirectErrorStream(merged);
            if (!merged) {
                builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            }
            builder.environment().putAll(command.environment());
            var process =
                    builder.directory(Path.of(command.directory()).toFile()).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new StageFailure(Blame.HOST, String.valueOf(e.getMessage()), "Retry.", e);
        }
    }

    private static String text(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int follow(String id, Command command, StageLog log, Duration limit) {
        throw new UnsupportedOperationException("the suite runs short commands only");
    }

    @Override
    public void endAll() {}

    @Override
    public void upload(InputStream content, String path, int mode) {
        try {
            Files.createDirectories(Path.of(path).getParent());
            Files.copy(content, Path.of(path), StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(Path.of(path), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void download(String path, OutputStream to, long limit) {
        throw new UnsupportedOperationException("the suite downloads nothing");
    }

    @Override
    public String commandLine() {
        return "sh";
    }

    @Override
    public void close() {
        closed = true;
    }
}
