package org.ifaas.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A factory as a process of its own, as {@code bin/factory serve --home DIR …} would be. Its one build succeeds as soon as the file
 * {@code go} lies in the home; cancelling it ends it as cancelled.
 */
public final class FakeFactoryProcess {
    private FakeFactoryProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var home = Path.of(List.of(arguments).get(List.of(arguments).indexOf("--home") + 1));
        System.out.println("fake factory with " + String.join(" ", arguments));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> home.resolve("run/factory.json").toFile().delete()));
        var resumed = Files.exists(home.resolve("crashed"));
        Files.deleteIfExists(home.resolve("run/factory.json"));
        var factory = new FakeFactory(home);
        if (resumed) {
            factory.found("build aaaaaaaa of debian-12 is resumed at stage 7");
        }
        var running = Fixtures.running("aaaaaaaa", "debian-12", 7, "unpacking libc6");
        var script = factory.script(resumed ? running : Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(running);
        factory.answer("POST /api/v1/builds/aaaaaaaa/cancel", running);
        factory.answer("POST /api/v1/shutdown", "{}");
        while (true) {
            Thread.sleep(20);
            if (Files.deleteIfExists(home.resolve("go"))) {
                script.then(Fixtures.succeeded("aaaaaaaa", "debian-12"));
            }
            if (factory.requests.contains("POST /api/v1/builds/aaaaaaaa/cancel")) {
                factory.requests.clear();
                script.then(Fixtures.ended("aaaaaaaa", "debian-12", "CANCELLED", "by root", null));
            }
            if (factory.requests.contains("POST /api/v1/shutdown")) {
                factory.closeGently();
                System.exit(0);
            }
        }
    }
}
