package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path folder;

    private Process other;

    /** Another factory's process: it goes when it is told so. */
    public static void main(String[] arguments) throws Exception {
        try (var home = Home.open(Path.of(arguments[0]), Path.of(arguments[0]))) {
            home.announce("http://127.0.0.1:1", Home.newToken(), "1");
            System.out.println("is there");
            System.in.read();
            home.withdraw();
            System.out.println("is about to go");
            System.in.read();
        }
    }

    private void anotherIsThere() throws IOException {
        other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HomeTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        says("is there");
    }

    private void says(String what) throws IOException {
        assertThat(other.inputReader().readLine()).isEqualTo(what);
    }

    private void goOn() throws IOException {
        other.getOutputStream().write('\n');
        other.getOutputStream().flush();
    }

    @AfterEach
    void end() throws Exception {
        if (other != null) {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aSecondFactoryIsRefused() throws Exception {
        anotherIsThere();
        assertThatThrownBy(() -> Home.open(folder, folder))
                .isInstanceOf(Home.Busy.class)
                .hasMessageContaining("a factory runs in " + folder + " already");
    }

    @Test
    void oneThatIsAboutToGoIsWaitedFor() throws Exception {
        anotherIsThere();
        goOn();
        says("is about to go");
        assertThat(folder.resolve("run/factory.json")).doesNotExist();
        var going = Thread.ofVirtual().start(() -> {
            try {
                goOn();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Home.open(folder, folder).close();
        going.join();
        assertThat(other.waitFor()).isZero();
    }

    @Test
    void nodesOfOneFolderHaveTheFactorysIdInCommonAndNamesOfTheirOwn() throws Exception {
        var shared = folder.resolve("shared");
        try (var a = Home.open(folder.resolve("a"), shared);
                var b = Home.open(folder.resolve("b"), shared)) {
            assertThat(a.factoryId()).isEqualTo(b.factoryId()).matches("[0-9a-f]{6}");
            assertThat(a.node()).isNotEqualTo(b.node()).isEqualTo(a.node());
            assertThat(a.shared("keys")).isEqualTo(b.shared("keys"));
            assertThat(a.folder("hosts")).isNotEqualTo(b.folder("hosts"));
        }
        try (var alone = Home.open(folder.resolve("alone"), folder.resolve("alone"))) {
            assertThat(alone.node()).isEqualTo("factory-" + alone.factoryId());
        }
    }

    @Test
    void aSharedFolderThatCantBeMadeIsTold() throws Exception {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> Home.open(folder.resolve("a"), file.resolve("shared")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shared: folder " + file.resolve("shared") + " can't be made")
                .hasMessageContaining("mount it, or name another one");
    }
}
