package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.Running.class)
class PagesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private final SettableClock clock = new SettableClock(NOW);
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(clock);
        browser = server.signedIn(Role.ADMIN);
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    private String page(String path) throws Exception {
        var answer = browser.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("<main id=\"main\"", "Skip to the content", "</html>");
        return answer.body();
    }

    private BuildId succeeded(Duration ago, String... packages) throws Exception {
        return server.sample.succeeded("debian-12", NOW.minus(ago), 1, packages);
    }

    @Test
    void the_images_show_their_last_build_their_age_and_what_is_wrong_with_a_definition() throws Exception {
        succeeded(Duration.ofDays(40), "base-files");
        var id = succeeded(Duration.ofDays(3), "base-files");
        server.sample.succeeded("debian-13", NOW.minus(Duration.ofDays(9)), 1, "base-files");
        server.sample.queued("busybox", NOW.minusSeconds(30));
        assertThat(page("/"))
                .contains(
                        "href=\"/builds/" + id + "\"",
                        "2 days of 31 days",
                        "a new one is due",
                        "Build times of debian-12")
                .contains("queued", "asked for by anna")
                .contains("&lt;script&gt;alert(")
                .doesNotContain("<script>alert");
    }

    @Test
    void the_images_show_when_they_are_built_next() throws Exception {
        assertThat(page("/")).contains("Next run", "2026-11-30 02:00").doesNotContain("paused");
        browser.post("/schedules/debian-12/pause", "reason", "holidays");
        assertThat(page("/")).contains("paused").doesNotContain("2026-11-30 02:00");
    }

    @Test
    void an_image_shows_fifteen_stages_a_build_its_trends_and_its_releases() throws Exception {
        var first = succeeded(Duration.ofDays(9), "base-files", "openssl=3.0.1", "telnet");
        var second = succeeded(Duration.ofDays(2), "base-files", "openssl=3.0.2", "curl");
        server.sample.failed(
                "debian-12", NOW.minus(Duration.ofDays(1)), StageName.TEST_IMAGE, Blame.IMAGE, "3 of 56 tests failed");
        assertThat(page("/images/debian-12"))
                .contains("Register private image", "2:30", "stage=test-image", "succeeded", "failed")
                .contains("Image size over 2 releases", "Boot time", "Iperf3 to factory", "Mbit/s")
                .contains("20261122-" + first, "20261122-" + second)
                .contains("m1.large", "28 passed, 0:22");
        assertThat(page("/images/debian-12/differences?from=" + first + "&to=" + second))
                .contains("3 changes, 1 unchanged", "curl", "came", "telnet", "went", "3.0.1", "3.0.2");
        assertThat(browser.get("/images/nothing").statusCode()).isEqualTo(404);
        assertThat(browser.get("/images/debian-12/differences?from=x&to=" + second)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void an_image_that_is_asked_for_by_its_repository_is_shown_by_its_one_name() throws Exception {
        assertThat(browser.said("/images/shipped:debian-12")).isEqualTo(browser.said("/images/debian-12"));
        assertThat(browser.get("/images/ours:debian-12").statusCode()).isEqualTo(404);
    }

    @Test
    void a_chart_of_one_release_shows_it_as_a_dot() throws Exception {
        succeeded(Duration.ofDays(2), "base-files");
        assertThat(page("/images/debian-12"))
                .contains("Image size of the only release: 205 MB", "class=\"only\" points=\"160.0,35.0 160.0,35.0\"");
    }

    @Test
    void a_build_shows_its_stages_its_log_and_all_that_it_left() throws Exception {
        var id = succeeded(Duration.ofHours(3), "base-files");
        assertThat(page("/builds/" + id + "?stage=build-image"))
                .contains("id=\"build-image-L1\"", "a first line", "Setting up base-files")
                .contains("?attempt=1&amp;stage=build-image&amp;at=2#build-image-L2")
                .contains("c".repeat(40), "author@example.org", "systemd-nspawn", "56 passed", "282CCFABAC4A1B5F")
                .contains("files/packages.tsv", "ImageBuilt", "names are resolved", "Retry from")
                .contains("Results on each flavor", "m1.small", "m1.large");
    }

    @Test
    void a_failed_build_shows_the_log_of_the_stage_that_failed_who_is_to_blame_and_the_mend() throws Exception {
        var id = server.sample.failed(
                "debian-12", NOW.minusSeconds(900), StageName.TEST_IMAGE, Blame.IMAGE, "3 of 56 tests failed");
        assertThat(page("/builds/" + id))
                .contains("Test image failed: 3 of 56 tests failed", "Mend it and build again", "the image definition")
                .contains("data-stage=\"test-image\"", "about to fail");
    }

    @Test
    void a_build_that_waits_for_a_quota_is_queued_and_says_which() throws Exception {
        var full =
                "cloud de, project images in eu-de: the quota of servers is full: 10 of 10 are used, 1 more are needed";
        var id = server.sample.waiting("debian-12", NOW.minusSeconds(90), full);
        assertThat(page("/builds/" + id)).contains("queued", full).doesNotContain("running");
        assertThat(page("/")).contains("queued", full);
        assertThat(page("/images/debian-12")).contains("queued");
    }

    @Test
    void what_a_log_or_a_requester_says_stays_text() throws Exception {
        var id = succeeded(Duration.ofHours(3), "base-files");
        assertThat(page("/builds/" + id + "?stage=build-image"))
                .contains("&lt;img src=x onerror=alert(")
                .doesNotContain("<img");
        var answer =
                browser.post("/builds", "whole", "true", "image", "debian-12", "ref", "\"><script>alert(1)</script>");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("<script>alert").contains("&lt;script");
        assertThat(browser.get("/images/%3Cscript%3Ealert(1)%3C%2Fscript%3E").body())
                .doesNotContain("<script>alert");
    }

    @Test
    void colours_of_a_log_are_drawn_by_the_style_sheet_and_leave_the_text_as_it_is() throws Exception {
        var id = succeeded(Duration.ofHours(3), "base-files=12.4");
        assertThat(page("/builds/" + id + "?stage=build-image"))
                .contains("<span><span class=\"bold ink-yellow\">&lt;b&gt;Unpacking</span> base-files</span>")
                .doesNotContain("\u001b");
        assertThat(browser.get("/builds/" + id + "/logs/build-image").body())
                .contains("\n<b>Unpacking base-files\n")
                .doesNotContain("\u001b");
    }

    @Test
    void artifacts_and_logs_are_kept_as_files_and_others_are_not_handed_out() throws Exception {
        var id = succeeded(Duration.ofHours(3), "base-files=12.4");
        var key = "releases/debian-12/20261122-" + id + "/files/packages.tsv";
        var answer = browser.get("/builds/" + id + "/artifact?key=" + key);
        assertThat(answer.body()).isEqualTo("base-files\t12.4\tamd64\t\n");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"packages.tsv\"");
        for (var other : new String[] {"../../../../etc/passwd", "releases", key + "/../tests.xml", ""}) {
            assertThat(browser.get("/builds/" + id + "/artifact?key=" + other).statusCode())
                    .isEqualTo(404);
        }
        server.artifacts.write("releases/debian-12/20261122-" + id + "/files/C++.tsv", "all of it");
        var link = Pattern.compile("href=\"([^\"]*)\" download>files/C\\+\\+")
                .matcher(browser.get("/builds/" + id).body());
        assertThat(link.find()).isTrue();
        assertThat(browser.get(link.group(1).replace("&amp;", "&")).body()).isEqualTo("all of it");
        var log = browser.get("/builds/" + id + "/logs/build-image");
        assertThat(log.body()).startsWith("a first line\n").contains(SampleBuilds.HOSTILE);
        assertThat(log.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        assertThat(log.headers().firstValue("Content-Disposition").orElseThrow())
                .contains("07-build-image.log");
    }

    @Test
    void the_form_has_the_schemas_fields_and_what_is_wrong_stands_beside_them() throws Exception {
        assertThat(page("/new-build?image=debian-13"))
                .contains("<option selected>debian-13</option>", "id=\"keepHost\"", "Keep host", "value=\"region-a\"")
                .contains("Builds although nothing has changed since the last good release");
        var wrong = browser.post(
                "/builds", "whole", "true", "image", "debian-12", "keepHost", "soon", "serialSuffix", "rc1");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body())
                .contains("id=\"keepHost-problem\"", "aria-describedby=\"keepHost-help keepHost-problem\"")
                .contains("value=\"soon\"", "value=\"rc1\"");
        assertThat(server.store.journal().list(BuildSelection.ALL, 10)).isEmpty();

        var asked = browser.post(
                "/builds",
                "whole",
                "true",
                "image",
                "debian-12",
                "regions",
                "region-a",
                "regions",
                "region-b",
                "keepHost",
                "2h",
                "requestPublication",
                "true",
                "copyTo",
                "a@example.org, b@example.org");
        assertThat(asked.statusCode()).isEqualTo(303);
        var build = server.store.journal().list(BuildSelection.ALL, 10).getFirst();
        assertThat(asked.headers().firstValue("Location")).hasValue("/builds/" + build.id());
        assertThat(build.requester()).isEqualTo("admin");
        assertThat(build.parameters().regions()).containsExactly("region-a", "region-b");
        assertThat(build.parameters().keepHost()).isEqualTo(Duration.ofHours(2));
        assertThat(build.parameters().runTests()).isFalse();
        assertThat(build.parameters().copyTo()).containsExactly("a@example.org", "b@example.org");
    }

    @Test
    void the_form_is_filled_with_what_the_definition_says() throws Exception {
        assertThat(page("/new-build?image=ubuntu-26.04"))
                .doesNotContain("ubuntu-26.04")
                .contains("<option selected>debian-12</option>", "name=\"of\" value=\"debian-12\"")
                .contains("value=\"region-a\" checked", "value=\"region-b\" checked", "Home region", "Mail to")
                .contains("<option selected>region-a</option>", "<option value=\"\">this machine</option>");

        var fields = new String[] {
            "whole",
            "true",
            "of",
            "debian-12",
            "image",
            "debian-12",
            "regions",
            "region-a",
            "regions",
            "region-b",
            "home"
        };
        assertThat(asked(fields, "region-a").regions()).isEmpty();
        assertThat(asked(fields, "region-b").regions()).containsExactly("region-b", "region-a");
        assertThat(page("/new-build?whole=true&of=debian-12&image=debian-13&regions=region-b&home=region-b&force=true"))
                .contains("value=\"region-a\" checked", "<option selected>region-a</option>")
                .containsPattern("name=\"force\" value=\"true\" checked")
                .doesNotContainPattern("name=\"runTests\" value=\"true\" checked");
    }

    private Parameters asked(String[] fields, String home) throws Exception {
        var form = Arrays.copyOf(fields, fields.length + 1);
        form[fields.length] = home;
        var to = browser.post("/builds", form).headers().firstValue("Location").orElseThrow();
        return server.store
                .journal()
                .find(new BuildId(to.substring("/builds/".length())))
                .orElseThrow()
                .parameters();
    }

    @Test
    void a_form_that_is_sent_twice_is_one_build_and_another_where_something_else_was_filled_in() throws Exception {
        for (var path : List.of("/", "/images/debian-12", "/new-build")) {
            var key = Pattern.compile("name=\"key\" value=\"([^\"]+)\"").matcher(page(path));
            assertThat(key.find()).as(path).isTrue();
            var first = asked(key.group(1), "debian-12");
            assertThat(first).as(path).isEqualTo(asked(key.group(1), "debian-12"));
            assertThat(asked(key.group(1), "debian-13")).as(path).isNotEqualTo(first);
        }
        assertThat(server.store.journal().list(BuildSelection.ALL, 10)).hasSize(6);
    }

    private String asked(String key, String image) throws Exception {
        return browser.post("/builds", "key", key, "image", image)
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    @Test
    void a_build_is_asked_for_with_one_press_cancelled_and_tried_again() throws Exception {
        browser.post("/builds", "image", "debian-12");
        var build = server.store.journal().list(BuildSelection.ALL, 10).getFirst();
        assertThat(build.parameters().runTests()).isTrue();
        browser.post("/builds/" + build.id() + "/cancel");
        assertThat(server.store.journal().find(build.id()).orElseThrow().cancelRequested())
                .isTrue();
        assertThat(browser.post("/builds/" + build.id() + "/retry", "from", "").statusCode())
                .isEqualTo(409);

        var failed = server.sample.failed("debian-12", NOW, StageName.SIGN_IMAGE, Blame.FACTORY, "the key is locked");
        assertThat(browser.post("/builds/" + failed + "/retry", "from", "sign-image")
                        .statusCode())
                .isEqualTo(303);
        var again = server.store.journal().find(failed).orElseThrow();
        assertThat(again.state()).isEqualTo(BuildState.QUEUED);
        assertThat(again.attempt()).isEqualTo(2);
    }

    @Test
    void the_host_of_a_running_build_is_kept_as_long_as_somebody_says() throws Exception {
        var id = server.sample.running("debian-12", NOW.minusSeconds(240), NOW).id();
        assertThat(page("/builds/" + id)).contains("Keep host for", "Cancel");
        assertThat(browser.post("/builds/" + id + "/keep-host", "for", "soon").statusCode())
                .isEqualTo(400);
        browser.post("/builds/" + id + "/keep-host", "for", "4h");
        assertThat(server.store.journal().find(id).orElseThrow().parameters().keepHost())
                .isEqualTo(Duration.ofHours(4));
        assertThat(page("/builds/" + id)).contains("value=\"240m\"");
    }

    @Test
    void a_request_shows_its_proof_and_is_approved_or_rejected_with_a_reason() throws Exception {
        var first = succeeded(Duration.ofHours(5), "base-files");
        var second = succeeded(Duration.ofHours(3), "base-files");
        assertThat(page("/requests"))
                .contains("56 passed", "282CCFABAC4A1B5F4A5ABB7FF77DB48D2B9EBD53", "as built", "region-b", "sha512")
                .contains("Standard_debian-12_latest</h2>")
                .doesNotContain("takes the place of");
        assertThat(browser.post("/requests/" + first + "/approve").statusCode()).isEqualTo(303);
        assertThat(page("/requests"))
                .contains("takes the place of", "which becomes", "Standard_debian-12_prev1</span>, hidden");
        assertThat(browser.post("/requests/" + second + "/reject", "reason", " ")
                        .statusCode())
                .isEqualTo(400);
        browser.post("/requests/" + second + "/reject", "reason", "an <old> kernel");
        var requests = server.store.requests();
        assertThat(requests.find(first).orElseThrow().state()).isEqualTo(PublicationRequest.State.PUBLISHED);
        assertThat(requests.find(first).orElseThrow().decidedBy()).isEqualTo("admin");
        assertThat(requests.find(second).orElseThrow().reason()).isEqualTo("an <old> kernel");
        assertThat(page("/requests")).contains("an &lt;old&gt; kernel", "four-eyes", "Nothing waits");
        assertThat(browser.post("/requests/" + first + "/approve").statusCode()).isEqualTo(409);
    }

    @Test
    void an_approved_request_shows_how_far_each_region_is_and_what_it_has_against_it() throws Exception {
        var id = succeeded(Duration.ofHours(5), "base-files");
        var requests = server.store.requests();
        var approval = new SignedApproval("{}", "ABCDEF0123", NOW, NOW.plus(Duration.ofDays(7)), "c".repeat(32));
        requests.approve(id, approval, "bea", "four-eyes");
        requests.region(id, approval.nonce(), "region-a", RegionState.VERIFIED, null, NOW);
        requests.region(id, approval.nonce(), "region-b", RegionState.FAILED, "refused: <b>other</b> bytes", NOW);
        assertThat(page("/requests"))
                .contains(
                        "bea (four-eyes)",
                        "ABCDEF0123",
                        "verified, not public yet",
                        "failed, is tried again",
                        "refused: &lt;b&gt;other&lt;/b&gt; bytes",
                        "Approve again")
                .doesNotContain("/requests/" + id + "/reject");
        assertThat(browser.post("/requests/" + id + "/approve").statusCode()).isEqualTo(303);
        assertThat(requests.find(id).orElseThrow().state()).isEqualTo(PublicationRequest.State.PUBLISHED);
    }

    @Test
    void a_region_is_left_out_of_an_approval_and_the_page_says_so() throws Exception {
        var id = succeeded(Duration.ofHours(5), "base-files");
        assertThat(page("/requests")).contains("Leave out regions", "name=\"without\" value=\"region-b\"");
        assertThat(browser.post("/requests/" + id + "/approve", "without", "region-c")
                        .statusCode())
                .isEqualTo(409);
        assertThat(browser.post("/requests/" + id + "/approve", "without", "region-b")
                        .statusCode())
                .isEqualTo(303);
        var request = server.store.requests().find(id).orElseThrow();
        assertThat(request.state()).isEqualTo(PublicationRequest.State.PUBLISHED);
        assertThat(request.leftOut()).containsExactly("region-b");
        assertThat(page("/requests")).contains("without region-b");
    }

    @Test
    void a_certification_is_shown_and_confirmed_with_evidence_before_a_release_is_approved() throws Exception {
        var id = server.sample.succeeded(SampleImages.CERTIFIED, NOW.minus(Duration.ofHours(2)), 1, "base-files");
        var step = "/requests/" + id + "/certification/scan";
        assertThat(page("/requests")).contains("No vulnerability", "not confirmed", "by Security", step);
        var refused = browser.post("/requests/" + id + "/approve");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("No vulnerability (scan) is not confirmed");

        assertThat(browser.post(step, "decision", "refuse", "note", " ").statusCode())
                .isEqualTo(409);
        assertThat(browser.post(step, "decision", "maybe", "note", "x").statusCode())
                .isEqualTo(400);
        browser.post(step, "decision", "refuse", "note", "a <bad> one");
        assertThat(page("/requests")).contains("refused by", "a &lt;bad&gt; one");

        var file = browser.request(step + "?decision=confirm")
                .header("Content-Type", "multipart/form-data; boundary=----bound")
                .header("Origin", "http://127.0.0.1:" + server.port())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        ------bound
                        Content-Disposition: form-data; name="note"

                        fine
                        ------bound
                        Content-Disposition: form-data; name="evidence"


                        ------bound
                        Content-Disposition: form-data; name="file"; filename="report.txt"
                        Content-Type: text/plain

                        all is well
                        ------bound--
                        """.replace("\n", "\r\n")))
                .build();
        assertThat(browser.send(file).statusCode()).isEqualTo(303);
        var page = page("/requests");
        assertThat(page).contains("confirmed by", "report.txt", Sha256.of("all is well"));
        var key = server.store.confirmations().of(id).getFirst().evidence().key();
        assertThat(browser.get("/builds/" + id + "/artifact?key=" + key).body()).isEqualTo("all is well");

        assertThat(browser.post("/requests/" + id + "/approve").statusCode()).isEqualTo(303);
        assertThat(browser.post(step, "decision", "confirm", "note", "again").statusCode())
                .isEqualTo(409);
    }

    @Test
    void hosts_regions_and_settings_are_shown_without_secrets() throws Exception {
        assertThat(page("/hosts")).contains(OneHost.NAME, "systemd-nspawn works");
        assertThat(browser.post("/hosts/" + OneHost.NAME + "/destroy").statusCode())
                .isEqualTo(303);
        assertThat(page("/hosts")).contains("There is no build host now");
        succeeded(Duration.ofHours(1), "base-files");
        assertThat(page("/regions")).contains("region-a", "region-b", "private", "20261122-");
        assertThat(page("/settings"))
                .contains("builds.parallel", "the configuration", "PostgreSQL 18")
                .doesNotContain("hunter2");
    }

    @Test
    void the_first_load_of_a_page_weighs_less_than_a_hundred_kilobytes() throws Exception {
        for (int i = 1; i <= 25; i++) {
            succeeded(Duration.ofDays(i), "base-files");
        }
        int bytes = 0;
        for (var path :
                new String[] {"/images/debian-12", "/static/console.css", "/static/live.js", "/static/log.js"}) {
            bytes += zipped(path);
        }
        assertThat(bytes).isLessThan(100_000);
    }

    private int zipped(String path) throws Exception {
        var request = browser.request(path).header("Accept-Encoding", "gzip").build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        return answer.body().length;
    }

    @Test
    void schedules_are_listed_with_the_next_week_paused_and_resumed() throws Exception {
        try (var browser = server.signedIn(Role.OPERATOR)) {
            assertThat(browser.get("/schedules").body())
                    .contains(
                            "0 3 * * 1", "Europe/Berlin", "The next seven days", "Pause debian-12", "Reason to pause");
            browser.post("/schedules/debian-12/pause", "reason", "<b>holidays</b>");
            assertThat(browser.get("/schedules").body())
                    .contains("paused", "holidays", "Resume debian-12")
                    .doesNotContain("<b>");
            browser.post("/schedules/debian-12/resume");
            assertThat(browser.get("/schedules").body()).contains("Pause debian-12");
            assertThat(browser.post("/schedules/no-such/pause").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void the_audit_log_is_listed_and_verified() throws Exception {
        try (var browser = server.signedIn(Role.ADMIN)) {
            browser.post("/schedules/debian-12/pause", "reason", "x");
            assertThat(browser.get("/audit").body()).contains("debian-12", "Verify the whole log");
            assertThat(browser.get("/audit?verify=1").body()).contains("entries hold");
        }
    }
}
