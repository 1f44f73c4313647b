package org.ifaas.server.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.server.login.Role;
import org.ifaas.store.Scratch;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pictures of all pages for people to look at, made by {@code make screenshots}; its name keeps it out of every other run. */
@ExtendWith(TestServer.Running.class)
class Screenshots {
    private static final Path FOLDER =
            Path.of("../target/screenshots").toAbsolutePath().normalize();
    private static final String CHROMIUM = Objects.requireNonNullElse(System.getenv("CHROMIUM"), "chromium");

    @Test
    void of_all_pages() throws Exception {
        Files.createDirectories(FOLDER);
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (var server = new ConsoleServer(InstantSource.system());
                var browser = server.signedIn(Role.ADMIN)) {
            var pages = fill(server, now);
            pages.forEach((name, path) -> {
                try {
                    // Chromium has no option for a cookie: it is shown the page that a browser with one was given.
                    var shown = name.equals("sign-in") ? server.browser().get(path) : browser.get(path);
                    picture(server, name, shown.body());
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private static Map<String, String> fill(ConsoleServer server, Instant now) throws Exception {
        var sample = server.sample;
        var packages = new ArrayList<>(List.of("base-files=12.4", "openssl=3.0.14", "linux-image=6.1.100"));
        for (int week = 12; week >= 1; week--) {
            packages.set(1, "openssl=3.0." + (20 - week));
            packages.add("package-" + week);
            sample.succeeded(
                    "debian-12",
                    now.minus(Duration.ofDays(7L * week)),
                    1 + (week * 37 % 11) / 20.0,
                    packages.toArray(String[]::new));
        }
        sample.succeeded("debian-13", now.minus(Duration.ofDays(9)), 1.1, "base-files");
        sample.succeeded("debian-13", now.minus(Duration.ofDays(8)), 1.3, "base-files", "curl");
        var failed = sample.failed(
                "debian-12",
                now.minus(Duration.ofDays(3)),
                StageName.TEST_IMAGE,
                Blame.IMAGE,
                "2 of 56 tests failed: network: the hostname is what was asked for; disk: the root file system fills"
                        + " the disk");
        sample.failed(
                "debian-13", now.minus(Duration.ofDays(1)), StageName.SPAWN_BUILD_HOST, Blame.HOST, "no SSH answer");
        var last = sample.succeeded("debian-12", now.minus(Duration.ofHours(5)), 1, packages.toArray(String[]::new));
        var before = server.store.history().measured("debian-12", 2).getLast().build();
        var running = sample.running("debian-13", now.minusSeconds(260), now);
        sample.queued("busybox", now.minusSeconds(20));
        running.log().line("%s", "cloud-init finished after 31 s");
        for (int i = 1; i <= 12_000; i++) {
            running.log().line("%s", "ok " + i + " - files: /usr/share/doc/package-" + i + " is as it was packaged");
        }
        server.scheduling.pause("debian-12", "anna", "the mirror moves");
        var pages = new LinkedHashMap<String, String>();
        pages.put("sign-in", "/sign-in");
        pages.put("images", "/");
        pages.put("image", "/images/debian-12");
        pages.put("differences", "/images/debian-12/differences?from=" + before + "&to=" + last);
        pages.put("build", "/builds/" + last + "?stage=build-image");
        pages.put("build-failed", "/builds/" + failed);
        pages.put("build-running", "/builds/" + running.id());
        pages.put("build-search", "/builds/" + running.id() + "?at=9000&find=package-90");
        pages.put("new-build", "/new-build?image=debian-12&keepHost=4h");
        pages.put("requests", "/requests");
        pages.put("hosts", "/hosts");
        pages.put("regions", "/regions");
        pages.put("statistics", "/statistics?days=90");
        pages.put("schedules", "/schedules");
        pages.put("audit", "/audit");
        pages.put("audit-verified", "/audit?verify=1");
        pages.put("settings", "/settings");
        pages.put("error", "/builds/no-such-build");
        return pages;
    }

    private static void picture(ConsoleServer server, String name, String html)
            throws IOException, InterruptedException {
        var site = "http://127.0.0.1:" + server.port();
        var file = FOLDER.resolve(name + ".html");
        Files.writeString(file, html.replace("=\"/static/", "=\"" + site + "/static/"));
        shoot(file, FOLDER.resolve(name + ".png"), 1280, 1400, false);
        shoot(file, FOLDER.resolve(name + "-dark.png"), 1280, 1400, true);
        phone(file, FOLDER.resolve(name + "-phone.png"));
        Files.delete(file);
    }

    /** A window of Chromium is never narrower than 500 pixels; a frame in it is. */
    private static void phone(Path page, Path picture) throws IOException, InterruptedException {
        var frame = page.resolveSibling("phone.html");
        Files.writeString(
                frame,
                "<style>body{margin:0}iframe{border:0;width:390px;height:1600px}</style><iframe src=\"" + page.toUri()
                        + "\"></iframe>");
        shoot(frame, picture, 390, 1600, false);
        Files.delete(frame);
    }

    private static void shoot(Path page, Path picture, int width, int height, boolean dark)
            throws IOException, InterruptedException {
        var profile = Files.createTempDirectory(FOLDER, "profile");
        var command = new ArrayList<>(List.of(
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--allow-file-access-from-files",
                "--user-data-dir=" + profile,
                "--virtual-time-budget=2000",
                "--window-size=" + width + "," + height,
                "--screenshot=" + picture));
        if (dark) {
            command.add("--blink-settings=preferredColorScheme=0");
        }
        command.add(page.toUri().toString());
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(FOLDER.resolve("chromium.log").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        Scratch.delete(profile);
    }
}
