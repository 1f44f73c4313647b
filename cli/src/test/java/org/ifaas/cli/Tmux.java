package org.ifaas.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A real terminal of a given size, in which one command runs. */
final class Tmux implements AutoCloseable {
    private final Path socket;

    Tmux(Path folder, int columns, int rows, List<String> command) throws IOException, InterruptedException {
        socket = folder.resolve("tmux");
        var quoted = new ArrayList<String>();
        command.forEach(word -> quoted.add("'" + word.replace("'", "'\\''") + "'"));
        run(
                "-u",
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                String.valueOf(columns),
                "-y",
                String.valueOf(rows),
                "-e",
                "LC_ALL=C.UTF-8",
                String.join(" ", quoted) + "; echo exit=$?; cat");
    }

    static boolean installed() {
        try {
            return new ProcessBuilder("tmux", "-V").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What is on the screen, without trailing blanks. */
    List<String> screen() {
        try {
            return run("capture-pane", "-p").lines().map(String::stripTrailing).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    List<String> until(String what, Predicate<String> line) throws InterruptedException {
        FakeInstallation.until(what, () -> screen().stream().anyMatch(line));
        return screen();
    }

    void type(String... keys) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        run(command.toArray(String[]::new));
    }

    void resize(int columns, int rows) throws IOException, InterruptedException {
        run("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
    }

    /** As when the user closes the window. */
    @Override
    public void close() throws IOException {
        try {
            run("kill-server");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
