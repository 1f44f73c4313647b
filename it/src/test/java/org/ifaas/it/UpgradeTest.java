package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.ConsoleView;
import org.ifaas.api.RequestView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What a factory of the schema's version 6 has written down: a published build, one that waits to be approved, one that failed and
 * one that had nothing to do. The back-up is of such a factory's own, but for the names of its machine and mirrors.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeTest {
    private static final String PUBLISHED = "t7gcetwb";
    private static final String WAITING = "gjseahvx";
    private static final Path BACKUP = Path.of("src/test/resources/upgrade/schema-6.ifaas");
    private static final TestHome HOME = TestHome.make("upgrade");
    private static RunningFactory factory;

    @BeforeAll
    static void restoreAndStart() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions")).script("quick", 8, """
                #!/bin/sh
                set -eu
                qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                printf 'quick\\t1\\tall\\tquick\\n' >"$IFAAS_PACKAGES"
                """);
        definitions.commit();
        // However long ago that was.
        var configuration = definitions.configuration("retention: {enabled: false}\n");
        Installation.in(HOME.path().resolve("installation"))
                .ifaas(
                        "restore",
                        BACKUP.toString(),
                        "--home",
                        HOME.path().toString(),
                        "--config",
                        configuration.toString())
                .well();
        factory = RunningFactory.in(HOME.path(), "--config", configuration.toString());
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    @Test
    @Order(1)
    void itsBuildsAndReleasesAreKnown() throws Exception {
        assertThat(factory.get("/builds", BuildView[].class))
                .extracting(BuildView::id, build -> build.parameters().image(), BuildView::state)
                .containsExactly(
                        tuple("kpgfggsh", "busybox", "UNCHANGED"),
                        tuple(WAITING, "busybox", "SUCCEEDED"),
                        tuple("xuaq8vv3", "no-such", "FAILED"),
                        tuple(PUBLISHED, "busybox", "SUCCEEDED"));
        for (var id : List.of(PUBLISHED, WAITING)) {
            var build = factory.show(id);
            assertThat(build.stages())
                    .hasSize(15)
                    .allSatisfy(stage -> assertThat(stage.state()).isEqualTo("DONE"));
            assertThat(build.release().images()).hasSize(2);
        }
        assertThat(factory.get("/requests", RequestView[].class))
                .extracting(RequestView::build, RequestView::state)
                .containsExactlyInAnyOrder(tuple(PUBLISHED, "PUBLISHED"), tuple(WAITING, "PENDING"));
    }

    @Test
    @Order(1)
    void itsAuditLogIsWhole() throws Exception {
        assertThat(factory.send("GET", "/audit/verify", "")).contains("\"whole\":true");
    }

    @Test
    @Order(2)
    void everyPageOfTheConsoleShowsThem() throws Exception {
        var password = factory.post("/console/password", "", ConsoleView.class).password();
        var console = URI.create(factory.url()).resolve("/");
        try (var browser = HttpClient.newBuilder()
                .cookieHandler(new CookieManager())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            var form = "name=admin&password=" + URLEncoder.encode(password, StandardCharsets.UTF_8);
            var signedIn = browser.send(
                    HttpRequest.newBuilder(console.resolve("/sign-in"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Sec-Fetch-Site", "same-origin")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(signedIn.statusCode()).isEqualTo(303);
            for (var page : List.of(
                    "/",
                    "/images/busybox",
                    "/builds/" + PUBLISHED,
                    "/builds/xuaq8vv3",
                    "/builds/kpgfggsh",
                    "/requests",
                    "/statistics",
                    "/audit?verify=1")) {
                var answer = browser.send(
                        HttpRequest.newBuilder(console.resolve(page)).build(), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(page).isEqualTo(200);
                assertThat(answer.body()).as(page).doesNotContain("Exception");
            }
        }
    }

    @Test
    @Order(3)
    void whatWaitedIsDecidedAndTheFactoryBuildsOn() throws Exception {
        var decided = factory.post("/requests/" + WAITING + "/reject", "{\"reason\":\"too old\"}", RequestView.class);
        assertThat(decided.state()).isEqualTo("REJECTED");
        var fresh = factory.awaitEnd(factory.build("{\"image\":\"quick\",\"host\":\"container\",\"runTests\":false}")
                .id());
        assertThat(fresh.state()).as(fresh.reason()).isEqualTo("SUCCEEDED");
    }
}
