package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.AuditView;
import org.ifaas.api.BuildView;
import org.ifaas.api.ImageView;
import org.ifaas.api.ScheduleView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real factory whose only image fails in its first stage: its schedule starts it, its owner hears of it, a push makes the
 * factory look, and all of it is in the audit log.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NewsTest {
    private static final TestHome HOME = TestHome.make("news");
    private static final String SECRET = "known to both";

    private static Definitions definitions;
    private static RunningFactory factory;

    @BeforeAll
    static void start() throws Exception {
        definitions = Definitions.in(HOME.path().resolve("definitions"));
        definitions
                .file("lost/image.yaml", yaml("schedule: {cron: '* * * * *'}\n"))
                .program("lost/build", "#!/bin/sh\nexit 1\n");
        definitions.commit();
        var secret = Files.writeString(HOME.path().resolve("secret"), SECRET + "\n");
        var configuration = definitions.configuration("""
                git: {poll: 1s, hook_secret_file: '%s'}
                schedule: {failures: 1, every: 1s}
                notify: {every: 1s}
                """.formatted(secret));
        factory = RunningFactory.in(HOME.path(), "--config", configuration.toString());
    }

    private static String yaml(String lines) {
        return Definitions.yaml("lost", "regions: [nowhere]\n" + lines);
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    private static List<String> mails() {
        var folder = HOME.path().resolve("mail");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(Path::getFileName).map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImageView image() {
        try {
            return factory.get("/images", ImageView[].class)[0];
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(1)
    void theScheduleStartsABuildAndItsFailurePausesIt() throws Exception {
        RunningFactory.await("two mails", () -> mails().size() == 2);
        var build = factory.get("/builds", BuildView[].class)[0];
        assertThat(build.requester()).isEqualTo("schedule");
        assertThat(mails())
                .containsExactly("failed-" + build.id() + "-1.eml", "schedule-paused-lost-" + build.id() + ".eml");
        assertThat(HOME.path().resolve("mail/" + mails().getFirst()))
                .content()
                .contains("To: images@example.org", "Subject: [ifaas] lost failed in Initialize", "nowhere");
        assertThat(factory.get("/schedules", ScheduleView[].class))
                .singleElement()
                .satisfies(schedule -> {
                    assertThat(schedule.state()).isEqualTo("PAUSED");
                    assertThat(schedule.pausedBy()).isEqualTo("schedule");
                    assertThat(schedule.lastBuild()).isEqualTo(build.id());
                });
    }

    @Test
    @Order(2)
    void aPushMakesTheFactoryLookAndABrokenDefinitionStaysAsItWas() throws Exception {
        definitions.file("lost/image.yaml", yaml("sizes: {disk_mib: 1}\n"));
        definitions.commit();
        assertThat(push(SECRET)).isEqualTo(202);
        assertThat(push("guessed")).isEqualTo(401);
        RunningFactory.await("the error", () -> image().error() != null);
        assertThat(image().error()).contains("lost/image.yaml:8: sizes.disk_mib");
        assertThat(image().title()).isEqualTo("Made up by a test");
        assertThat(factory.get("/schedules", ScheduleView[].class)).hasSize(1);
    }

    private static int push(String token) throws IOException, InterruptedException {
        var announced =
                JsonMapper.shared().readTree(Files.readString(HOME.path().resolve("run/factory.json")));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(announced.get("url").asString() + "/hooks/git"))
                                    .header("X-Gitlab-Token", token)
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    @Order(3)
    void aRestartTellsNothingTwiceAndTheAuditLogIsWhole() throws Exception {
        var before = mails();
        factory.kill();
        factory.startAgain();
        factory.send("POST", "/schedules/lost/resume", "");
        factory.send("POST", "/schedules/lost/pause", "{\"reason\":\"enough\"}");
        assertThat(mails()).isEqualTo(before);
        assertThat(Arrays.stream(factory.get("/audit", AuditView[].class)).map(AuditView::action))
                .containsExactly(
                        "schedule-paused", "schedule-resumed", "schedule-paused", "build-asked", "schedule-changed");
        assertThat(factory.get("/audit/verify", AuditVerdict.class).whole()).isTrue();
    }
}
