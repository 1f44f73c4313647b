package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
        other.destroyForcibly().waitFor();
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
}
