package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.api.ApprovalView;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.AuditView;
import org.ifaas.api.CheckView;
import org.ifaas.api.ConsoleView;
import org.ifaas.api.DifferenceView;
import org.ifaas.api.ErrorView.Wrong;
import org.ifaas.api.HostView;
import org.ifaas.api.ImageView;
import org.ifaas.api.LogView;
import org.ifaas.api.NewTokenView;
import org.ifaas.api.RequestView;
import org.ifaas.api.ScheduleView;
import org.ifaas.api.StepView;
import org.ifaas.api.TokenView;
import org.ifaas.cli.factory.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandsTest {
    @TempDir
    Path home;

    FakeFactory factory;
    Shell shell;

    @BeforeEach
    void factoryRuns() throws IOException {
        factory = new FakeFactory(home);
        shell = new Shell(home);
    }

    @AfterEach
    void factoryStops() {
        factory.close();
    }

    @Test
    void images_are_listed_with_what_became_of_their_last_builds_and_why_one_cannot_be_read() {
        factory.answer(
                "GET /api/v1/images",
                List.of(
                        new ImageView(
                                "debian-12",
                                "Debian 12",
                                "diskimage-builder",
                                "shipped",
                                true,
                                "team",
                                null,
                                "aaaaaaaa",
                                "UNCHANGED",
                                "20261101.1"),
                        new ImageView(
                                "odd",
                                null,
                                null,
                                "theirs",
                                false,
                                null,
                                "image.yaml:3: os: unknown",
                                null,
                                null,
                                null)));

        assertThat(shell.run("images")).isZero();
        assertThat(shell.out()).isEqualTo("""
                        IMAGE      BUILDER            LAST BUILD  STATE          NEWEST RELEASE  REPOSITORY            TITLE
                        debian-12  diskimage-builder  aaaaaaaa    nothing to do  20261101.1      shipped               Debian 12
                        odd                                                                      theirs (not trusted)  can't be read: image.yaml:3: os: unknown
                        """);
    }

    @Test
    void on_a_terminal_a_table_is_cut_to_its_width() {
        factory.answer(
                "GET /api/v1/builds?limit=20",
                List.of(Fixtures.failed("aaaaaaaa", "debian-12", 7, "IMAGE", "x".repeat(100), "m")));

        assertThat(shell.onTerminal(60, 24).run("builds")).isZero();
        assertThat(shell.out().lines()).hasSize(2).allMatch(line -> line.length() <= 60);
    }

    @Test
    void on_a_terminal_a_column_of_which_no_row_says_anything_takes_no_room() {
        factory.answer("GET /api/v1/requests?limit=50", List.of(request("PENDING", null)));

        assertThat(shell.onTerminal(100, 24).run("requests")).isZero();
        assertThat(shell.out()).contains("PUBLISH AS").doesNotContain("CERTIFICATION", "DECIDED BY");
        var piped = new Shell(home);
        assertThat(piped.run("requests")).isZero();
        assertThat(piped.out()).contains("CERTIFICATION", "DECIDED BY");
    }

    @Test
    void a_release_has_one_slash_at_most() {
        for (var command : List.of("verify", "resign")) {
            var other = new Shell(home);
            assertThat(other.run(command, "debian-12/a/b")).isEqualTo(2);
            assertThat(other.err()).contains("RELEASE debian-12/a/b is no IMAGE/SERIAL");
        }
        assertThat(factory.requests).isEmpty();
    }

    @Test
    void json_is_printed_as_the_factory_said_it() {
        factory.answer("GET /api/v1/builds?image=debian-12&limit=5", "[{\"id\":\"aaaaaaaa\",\"tomorrow\":1}]");

        assertThat(shell.run("builds", "--image", "debian-12", "--limit", "5", "--json"))
                .isZero();
        assertThat(shell.out()).isEqualTo("[{\"id\":\"aaaaaaaa\",\"tomorrow\":1}]\n");
    }

    @Test
    void a_step_is_confirmed_with_a_file_or_an_address_and_refused_with_a_note() throws IOException {
        var confirmed = new StepView(
                "scan",
                "No critical vulnerability",
                "Security",
                "CONFIRMED",
                "bea",
                Instant.parse("2026-11-22T10:00:00Z"),
                "",
                "/store/report.pdf",
                "ab");
        var open = new StepView("legal", "Licences", "Legal", "OPEN", null, null, null, null, null);
        var report = Files.writeString(home.resolve("report.pdf"), "all is well");
        factory.answer(
                "POST /api/v1/certification/aaaaaaaa/scan?decision=confirm&name=report.pdf", List.of(confirmed, open));

        assertThat(shell.run("confirm", "aaaaaaaa", "scan", "--evidence", report.toString()))
                .isZero();
        assertThat(factory.requests.getLast()).endsWith("name=report.pdf all is well");
        assertThat(shell.out()).isEqualTo("""
                          Certify   scan: No critical vulnerability, confirmed by bea, /store/report.pdf
                                    legal: Licences, not confirmed by Legal
                        """);

        factory.answer(
                "POST /api/v1/certification/aaaaaaaa/scan?decision=confirm&note=seen&evidence=https%3A%2F%2Fexample.org%2F7",
                List.of(confirmed));
        assertThat(shell.run("confirm", "aaaaaaaa", "scan", "--note", "seen", "--evidence", "https://example.org/7"))
                .isZero();
        factory.answer("POST /api/v1/certification/aaaaaaaa/legal?decision=refuse&note=GPL", List.of(open));
        assertThat(shell.run("refuse", "aaaaaaaa", "legal", "--note", "GPL")).isZero();
        assertThat(shell.run("confirm", "aaaaaaaa", "scan", "--evidence", "missing.pdf"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(shell.err()).contains("missing.pdf");
    }

    @Test
    void an_image_is_tested_by_its_id_or_its_file() {
        factory.script(Fixtures.running("aaaaaaaa", "debian-12", 9, null));

        assertThat(shell.run("test", "debian-12", "--file", "new.qcow2", "--detach"))
                .isZero();
        assertThat(shell.out()).isEqualTo("aaaaaaaa\n");
        assertThat(factory.requests.getLast())
                .contains("\"image\":\"debian-12\"", "\"kind\":\"test\"", "\"file\":\"new.qcow2\"");
        assertThat(shell.run("test", "debian-12")).isEqualTo(ExitCode.USAGE.code());
        assertThat(shell.run("test", "debian-12", "--file", "a", "--id", "west/b"))
                .isEqualTo(ExitCode.USAGE.code());
    }

    @Test
    void an_empty_list_is_a_sentence() {
        factory.answer("GET /api/v1/hosts", "[]");

        assertThat(shell.run("hosts")).isZero();
        assertThat(shell.out()).isEqualTo("There are no build hosts.\n");
    }

    @Test
    void show_has_the_stages_and_the_outcome() {
        factory.script(Fixtures.failed("aaaaaaaa", "debian-12", 9, "IMAGE", "2 tests failed", "See the log."));

        assertThat(shell.run("show", "aaaaaaaa")).isZero();
        assertThat(shell.out())
                .startsWith("debian-12 aaaaaaaa, serial")
                .contains("  x  9 Test image", "requested by root", "Mend      See the log.");
    }

    @Test
    void show_has_the_image_on_each_flavor() {
        factory.script(Fixtures.onFlavors(Fixtures.succeeded("aaaaaaaa", "debian-12")));
        factory.script(Fixtures.onFlavors(Fixtures.failed("bbbbbbbb", "debian-12", 9, "IMAGE", "2 tests failed", "")));

        assertThat(shell.run("show", "aaaaaaaa")).isZero();
        assertThat(shell.out()).contains("""
                  Flavors   m1.small   12 passed, 1 skipped, booted in 31.3 s
                            m1.xlarge  12 passed, 0 skipped, booted in 20.0 s
                """);
        assertThat(shell.run("show", "bbbbbbbb")).isZero();
        assertThat(shell.out()).contains("            m1.xlarge  2 failed, 10 passed, 0 skipped\n");
    }

    @Test
    void show_follows_to_the_end_with_the_exit_codes_of_build() {
        factory.script(Fixtures.running("aaaaaaaa", "debian-12", 3, null))
                .then(Fixtures.ended("aaaaaaaa", "debian-12", "CANCELLED", "by root", null));

        assertThat(shell.run("show", "-f", "aaaaaaaa")).isEqualTo(4);
    }

    @Test
    void logs_of_all_stages_come_in_order_under_headings() {
        factory.script(Fixtures.running("aaaaaaaa", "debian-12", 2, null));
        log("initialize", 0, 0, new LogView("one\n", 4, false)).log("initialize", 4, 0, new LogView("", 4, false));
        log("spawn-build-host", 0, 0, new LogView("two\n", 4, true))
                .log("spawn-build-host", 4, 0, new LogView("", 4, true));

        assertThat(shell.run("logs", "aaaaaaaa")).isZero();
        assertThat(shell.out()).isEqualTo("== 1 Initialize ==\none\n\n== 2 Spawn build host ==\ntwo\n");
    }

    @Test
    void a_log_in_a_pipe_has_no_colours() {
        factory.script(Fixtures.running("aaaaaaaa", "debian-12", 2, null));
        log("initialize", 0, 0, new LogView("\033[0;1;31mone\033[0m\n", 18, false))
                .log("initialize", 18, 0, new LogView("", 18, false));

        assertThat(shell.run("logs", "aaaaaaaa", "1")).isZero();
        assertThat(shell.out()).isEqualTo("one\n");
    }

    @ParameterizedTest
    @CsvSource({"2", "spawn-build-host", "spawn"})
    void a_followed_log_is_read_piece_by_piece_until_it_is_closed(String stage) {
        factory.script(Fixtures.running("aaaaaaaa", "debian-12", 2, null));
        log("spawn-build-host", 0, 20, new LogView("one\n", 4, true))
                .log("spawn-build-host", 4, 20, new LogView("two", 7, false));

        assertThat(shell.run("logs", "-f", "aaaaaaaa", stage)).isZero();
        assertThat(shell.out()).isEqualTo("one\ntwo");
    }

    @Test
    void all_logs_are_followed_until_the_build_has_ended() {
        factory.script(Fixtures.ended("aaaaaaaa", "debian-12", "CANCELLED", "by root", null));

        assertThat(shell.run("logs", "-f", "aaaaaaaa")).isZero();
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void a_stage_that_is_not_clear_is_refused_with_the_list_of_stages() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"));

        assertThat(shell.run("logs", "aaaaaaaa", "c")).isEqualTo(2);
        assertThat(shell.err()).contains("more than one stage begins with c", "14 clean-up");
        assertThat(new Shell(home).run("retry", "aaaaaaaa", "--from", "16")).isEqualTo(2);
    }

    @Test
    void retry_names_the_stage_in_full_and_shows_the_new_attempt() {
        factory.script(Fixtures.succeeded("aaaaaaaa", "debian-12"));
        factory.answer("POST /api/v1/builds/aaaaaaaa/retry", Fixtures.succeeded("aaaaaaaa", "debian-12"));

        assertThat(shell.run("retry", "aaaaaaaa", "--from", "9")).isZero();
        assertThat(factory.requests)
                .contains("POST /api/v1/builds/aaaaaaaa/retry {\"from\":\"test-image\",\"attempt\":null}");
        assertThat(shell.out()).contains("is done");
    }

    @Test
    void a_request_whose_answer_is_lost_is_sent_again_with_its_key() {
        factory.answer("POST /api/v1/builds/aaaaaaaa/cancel", Fixtures.running("aaaaaaaa", "debian-12", 3, null))
                .loseAnswer("POST /api/v1/builds/aaaaaaaa/cancel");
        assertThat(shell.run("cancel", "aaaaaaaa")).isZero();
        assertThat(factory.requests)
                .containsExactly("POST /api/v1/builds/aaaaaaaa/cancel", "POST /api/v1/builds/aaaaaaaa/cancel");
        assertThat(factory.keys).hasSize(2);
        assertThat(factory.keys.getFirst()).isEqualTo(factory.keys.getLast()).isNotBlank();
        shell.run("cancel", "aaaaaaaa");
        assertThat(factory.keys.getLast()).isNotEqualTo(factory.keys.getFirst());
    }

    @Test
    void a_cancelled_build_is_followed_with_another_command() {
        factory.answer("POST /api/v1/builds/aaaaaaaa/cancel", Fixtures.running("aaaaaaaa", "debian-12", 3, null));

        assertThat(shell.run("cancel", "aaaaaaaa")).isZero();
        assertThat(shell.out())
                .isEqualTo(
                        "Build aaaaaaaa of debian-12 is being cancelled and cleaned up; look at it: ifaas show -f aaaaaaaa\n");
    }

    @Test
    void hosts_show_how_to_reach_them_and_until_when_they_are_kept() {
        factory.answer(
                "GET /api/v1/hosts",
                List.of(new HostView(
                        "ifaas-aaaaaaaa",
                        "CONTAINER",
                        "",
                        "aaaaaaaa",
                        "ssh -p 2222 build@127.0.0.1",
                        Fixtures.START,
                        Fixtures.START.plusSeconds(3600))));
        factory.answer("DELETE /api/v1/hosts/ifaas-aaaaaaaa", "");

        assertThat(shell.run("hosts")).isZero();
        assertThat(shell.run("hosts", "destroy", "ifaas-aaaaaaaa")).isZero();
        assertThat(shell.out()).isEqualTo("""
                        HOST            KIND       BUILD     SPAWNED           KEPT UNTIL        SSH
                        ifaas-aaaaaaaa  container  aaaaaaaa  2026-11-22 10:00  2026-11-22 11:00  ssh -p 2222 build@127.0.0.1
                        Host ifaas-aaaaaaaa is destroyed
                        """);
    }

    @Test
    void a_host_is_kept_by_its_name_or_its_builds() {
        factory.answer(
                "GET /api/v1/hosts",
                "[{\"name\":\"ifaas-x-aaaaaaaa\",\"kind\":\"CONTAINER\",\"detail\":\"\",\"build\":\"aaaaaaaa\"}]");
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"));

        assertThat(shell.run("hosts", "keep", "ifaas-x-aaaaaaaa")).isZero();
        assertThat(shell.run("hosts", "keep", "aaaaaaaa", "--for", "0")).isZero();
        assertThat(factory.requests)
                .contains(
                        "POST /api/v1/builds/aaaaaaaa/keep-host {\"keepHost\":\"4h\"}",
                        "POST /api/v1/builds/aaaaaaaa/keep-host {\"keepHost\":null}");
        assertThat(shell.out()).isEqualTo("""
                The host of build aaaaaaaa is kept 4h after its end
                The host of build aaaaaaaa is not kept after its end
                """);
    }

    @Test
    void releases_are_compared_by_their_names_or_their_builds() {
        factory.answer(
                "GET /api/v1/builds/aaaaaaaa/difference/bbbbbbbb",
                new DifferenceView(
                        false, "12", "34", List.of("+ curl 8.0"), List.of("the files inside are not compared: …")));

        assertThat(shell.run("diff", "debian-12/20261122-aaaaaaaa-rc1", "bbbbbbbb"))
                .isZero();
        assertThat(shell.out()).isEqualTo("SHA-256 12 and 34\n  + curl 8.0\nthe files inside are not compared: …\n");
    }

    @Test
    void a_factory_whose_database_is_away_is_stopped_by_a_signal() throws Exception {
        factory.refuse("POST /api/v1/shutdown", 503, "the database can't be reached", null, null, "Start it.");
        var process = new ProcessBuilder("sleep", "300").start();
        try {
            factory.isProcess(process.pid());
            assertThat(shell.run("serve", "--stop")).isZero();
            assertThat(process.isAlive()).isFalse();
            assertThat(shell.out()).isEqualTo("The factory is stopped\n");
        } finally {
            process.destroy();
        }
    }

    @Test
    void approve_says_under_which_name_and_where_the_image_is_public_now() {
        factory.answer("POST /api/v1/requests/aaaaaaaa/approve", request("PUBLISHED", "self-approved"));

        assertThat(shell.run("approve", "aaaaaaaa", "--sha256", "3ea2")).isZero();
        assertThat(factory.requests)
                .containsExactly("POST /api/v1/requests/aaaaaaaa/approve {\"sha256\":\"3ea2\",\"without\":null}");
        assertThat(shell.out())
                .isEqualTo(
                        "debian-12 20261122.1 is published (self-approved) as Standard_Debian_12_latest\n  first/1111\n");
    }

    private static ScheduleView schedule(String state, int failures) {
        var first = Instant.parse("2026-11-23T03:30:00Z");
        return new ScheduleView(
                "debian-12",
                "30 3 * * 1",
                "Europe/Berlin",
                0,
                "shipped",
                state,
                state.equals("PAUSED") ? "schedule" : null,
                null,
                state.equals("PAUSED") ? "3 builds in a row have failed." : null,
                failures,
                "aaaaaaaa",
                null,
                state.equals("PAUSED") ? null : first,
                state.equals("PAUSED") ? List.of() : List.of(first, first.plusSeconds(86400)));
    }

    @Test
    void schedules_are_listed_with_their_next_run_or_who_paused_them_and_why() {
        factory.answer("GET /api/v1/schedules", List.of(schedule("ACTIVE", 1), schedule("PAUSED", 3)));
        assertThat(shell.run("schedules")).isZero();
        assertThat(shell.out())
                .contains("2026-11-23 03:30", "active, the last build failed", "paused by schedule: 3 builds in a row");
        assertThat(shell.run("schedules", "--week")).isZero();
        assertThat(shell.out()).contains("2026-11-24 03:30  debian-12");
    }

    @Test
    void a_schedule_is_paused_with_a_reason_and_resumed() {
        factory.answer("POST /api/v1/schedules/debian-12/pause", schedule("PAUSED", 0));
        factory.answer("POST /api/v1/schedules/debian-12/resume", schedule("ACTIVE", 0));
        assertThat(shell.run("schedules", "pause", "debian-12", "--reason", "moving"))
                .isZero();
        assertThat(shell.run("schedules", "resume", "debian-12")).isZero();
        assertThat(factory.requests)
                .containsExactly(
                        "POST /api/v1/schedules/debian-12/pause {\"reason\":\"moving\"}",
                        "POST /api/v1/schedules/debian-12/resume");
        assertThat(shell.out()).contains("The schedule of debian-12 is active, next run 2026-11-23 03:30");
    }

    @Test
    void the_audit_log_is_listed() {
        factory.answer(
                "GET /api/v1/audit?limit=50",
                List.of(new AuditView(
                        7,
                        Instant.parse("2026-11-23T03:30:00Z"),
                        "anna",
                        "publication-approved",
                        "aaaaaaaa",
                        Map.of("image", "debian-12"),
                        "00",
                        "ff")));
        assertThat(shell.run("audit")).isZero();
        assertThat(shell.out()).contains("7", "anna", "publication-approved", "image=debian-12");
    }

    private static TokenView token(String state, List<String> images, @Nullable Instant used) {
        var revoked = state.equals("REVOKED") ? Fixtures.START : null;
        return new TokenView(
                "ci",
                "anna",
                List.of("requester", "publisher"),
                images,
                null,
                state,
                Fixtures.START,
                Fixtures.START.plus(Duration.ofDays(90)),
                used,
                revoked,
                revoked == null ? null : "root");
    }

    @Test
    void tokens_are_listed_with_what_they_are_for() {
        factory.answer(
                "GET /api/v1/tokens?limit=1000",
                List.of(
                        token("ACTIVE", List.of("debian-*", "tiny"), Fixtures.START),
                        token("REVOKED", List.of("*"), null)));

        assertThat(shell.run("tokens")).isZero();
        assertThat(shell.out()).isEqualTo("""
                TOKEN  OWNER  ROLES                 IMAGES          REGION  STATE            EXPIRES           LAST USED
                ci     anna   requester, publisher  debian-*, tiny          active           2027-02-20 10:00  2026-11-22 10:00
                ci     anna   requester, publisher  all                     revoked by root  2027-02-20 10:00
                """);
    }

    @Test
    void a_token_is_printed_alone_so_that_a_script_can_take_it_and_revoked_by_name() {
        factory.answer(
                "POST /api/v1/tokens", new NewTokenView("ifaas_secret", token("ACTIVE", List.of("debian-*"), null)));
        assertThat(shell.run(
                        "tokens",
                        "create",
                        "ci",
                        "--role",
                        "requester",
                        "--role",
                        "publisher",
                        "--image",
                        "debian-*",
                        "--expires",
                        "90d"))
                .isZero();
        assertThat(shell.out()).isEqualTo("ifaas_secret\n");
        assertThat(shell.err()).contains("not shown again", "2027-02-20 10:00", "IFAAS_TOKEN");
        assertThat(factory.requests)
                .containsExactly("POST /api/v1/tokens {\"name\":\"ci\",\"roles\":[\"requester\",\"publisher\"],"
                        + "\"images\":[\"debian-*\"],\"region\":null,\"expires\":\"90d\"}");

        factory.answer("DELETE /api/v1/tokens/ci", token("REVOKED", List.of("*"), null));
        assertThat(shell.run("tokens", "revoke", "ci")).isZero();
        assertThat(new Shell(home).run("tokens", "create", "ci")).isEqualTo(2);
    }

    @Test
    void an_audit_log_that_is_whole_says_its_head_and_one_that_is_not_its_first_broken_entry() {
        factory.answer("GET /api/v1/audit/verify", new AuditVerdict(true, 7, "ff", null, null));
        assertThat(shell.run("audit", "verify")).isZero();
        assertThat(shell.out()).contains("whole: 7 entries", "Head  ff");
        factory.answer("GET /api/v1/audit/verify?head=ee", new AuditVerdict(false, 3, "dd", 4L, "it was changed"));
        assertThat(shell.run("audit", "verify", "--head", "ee")).isEqualTo(5);
        assertThat(shell.out()).contains("broken at number 4: it was changed");
    }

    @Test
    void requests_are_listed_by_state() {
        factory.answer("GET /api/v1/requests?state=pending&limit=50", List.of(request("PENDING", null)));

        assertThat(shell.run("requests", "--state", "pending")).isZero();
        assertThat(shell.out())
                .contains(
                        "aaaaaaaa  debian-12  20261122.1  pending  2026-11-22 10:00  root",
                        "Standard_Debian_12_latest");
    }

    @Test
    void verify_prints_each_check_with_its_command_line_and_exits_with_5_when_one_failed() {
        factory.answer(
                "POST /api/v1/releases/debian-12/latest/verify",
                List.of(
                        new CheckView(
                                "signature",
                                "ok",
                                "good, by FFFF",
                                null,
                                "gpgv --keyring key.gpg SHA256SUMS.asc SHA256SUMS"),
                        new CheckView(
                                "checksums",
                                "failed",
                                "1 file differs",
                                "Do not use it.",
                                "sha256sum -c --strict SHA256SUMS")));

        assertThat(shell.run("verify", "debian-12")).isEqualTo(5);
        assertThat(shell.out()).isEqualTo("""
                        ok       signature  good, by FFFF
                                 $ gpgv --keyring key.gpg SHA256SUMS.asc SHA256SUMS
                        failed   checksums  1 file differs
                                 $ sha256sum -c --strict SHA256SUMS
                                 mend: Do not use it.

                        1 ok, 0 warnings, 1 failed
                        """);
    }

    @Test
    void a_warning_of_the_doctor_is_no_failure() {
        factory.answer(
                "GET /api/v1/doctor",
                List.of(new CheckView("KVM", "warning", "guests hang in it", "Nothing: TCG is used.", null)));

        assertThat(shell.run("doctor")).isZero();
        assertThat(shell.out()).contains("warning  KVM  guests hang in it", "mend: Nothing: TCG is used.");
    }

    @Test
    void releases_are_listed() {
        factory.answer(
                "GET /api/v1/releases?image=debian-12&limit=50", List.of(Fixtures.release("aaaaaaaa", "debian-12")));

        assertThat(shell.run("releases", "--image", "debian-12")).isZero();
        assertThat(shell.out())
                .contains("debian-12/20261122.1  aaaaaaaa  2026-11-22 10:11  356 MB  24 passed, 1 skipped  pending");
    }

    @Test
    void a_release_and_a_build_of_which_retention_has_removed_something_say_so() {
        var there = Fixtures.release("aaaaaaaa", "debian-12");
        factory.answer("GET /api/v1/releases?limit=50", List.of(Fixtures.removed(there)));
        assertThat(shell.run("releases")).isZero();
        assertThat(shell.out()).contains("removed by retention on 2026-12-24 10:00");

        var build = Fixtures.removed(Fixtures.ended("bbbbbbbb", "debian-12", "FAILED", "no room", null));
        factory.answer("GET /api/v1/builds/bbbbbbbb", build);
        assertThat(shell.run("show", "bbbbbbbb")).isZero();
        assertThat(shell.out())
                .contains(
                        "Removed   artifacts by retention on 2026-12-24 (2.0 kB): older than 14 days",
                        " build debian-12")
                .doesNotContain("retry bbbbbbbb");
    }

    @Test
    void a_backup_replaces_the_file_only_when_it_is_whole() throws IOException {
        var file = home.resolve("backup");
        Files.writeString(file, "the old one");
        factory.refuse("GET /api/v1/backup", 500, "the database is gone", null, null, "See the log.");
        assertThat(shell.run("backup", file.toString())).isEqualTo(3);
        assertThat(file).hasContent("the old one");

        factory.close();
        factory = new FakeFactory(home).answer("GET /api/v1/backup", "the new one");

        assertThat(new Shell(home).run("backup", file.toString())).isZero();
        assertThat(file).hasContent("the new one");
        try (var left = Files.list(home)) {
            assertThat(left).noneMatch(each -> each.toString().endsWith(".part"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "missing/backup, there is no folder HOME/missing, was not made",
        "'', HOME is a folder, Name a file in it",
        "afile/backup, Not a directory, was not made",
    })
    void a_backup_that_cannot_be_written_names_its_target_and_the_mend(String name, String why, String mend)
            throws IOException {
        Files.createFile(home.resolve("afile"));
        factory.answer("GET /api/v1/backup", "the new one");

        assertThat(shell.run("backup", home.resolve(name).toString())).isEqualTo(2);
        assertThat(shell.err())
                .contains(why.replace("HOME", home.toString()), mend)
                .doesNotContain("connection", ".part");
    }

    @Test
    void a_backup_for_which_there_is_no_room_leaves_the_old_one_and_nothing_of_itself() throws Exception {
        var file = Files.writeString(Files.createDirectory(home.resolve("full")).resolve("backup"), "the old one");
        factory.answer("GET /api/v1/backup", "x".repeat(100_000));
        var java = Path.of(System.getProperty("java.home"), "bin/java");
        // No file may grow beyond 8 KiB, as on a disk that has no more.
        var process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "ulimit -f 8; exec \"$@\"",
                        "bash",
                        java.toString(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.ifaas.cli.Main",
                        "backup",
                        file.toString(),
                        "--home",
                        home.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(2);
        assertThat(said).contains("can't write " + file + ": File too large", "has room", "is as it was");
        assertThat(file).hasContent("the old one");
        try (var left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void a_name_that_is_empty_or_dots_is_no_list() {
        assertThat(shell.run("show", "")).isEqualTo(2);
        assertThat(shell.err()).startsWith("ifaas: a name is empty");
        assertThat(shell.run("show", "..")).isEqualTo(2);
        assertThat(factory.requests).containsExactly("GET /api/v1/builds/%2E%2E");
    }

    @Test
    void everything_that_is_wrong_with_a_build_is_told_at_once_in_the_words_of_the_command() {
        factory.refuse(
                "POST /api/v1/builds",
                400,
                new Wrong("is no image definition", "image", "debain", "Did you mean debian-12?"),
                new Wrong("leaves nothing of a test", "runTests", "false", "Remove it."),
                new Wrong("is not allowed there", "keepHost", "9x", "Write such as 4h."),
                new Wrong("is no region of this factory", "regions[1]", "nowhere", "Choose among west."),
                new Wrong("is not a field there", "tomorrow", "", "Remove it."));

        assertThat(shell.run("build", "debain", "--no-tests")).isEqualTo(2);
        assertThat(shell.err()).isEqualTo("""
                        ifaas: 5 things are wrong with that:
                          IMAGE debain is no image definition
                            Did you mean debian-12?
                          --no-tests leaves nothing of a test
                            Remove it.
                          --keep-host 9x is not allowed there
                            Write such as 4h.
                          --region nowhere is no region of this factory
                            Choose among west.
                          tomorrow is not a field there
                            Remove it.
                        """);

        var test = new Shell(home);
        factory.refuse("POST /api/v1/builds", 400, new Wrong("is in no region", "imageId", "x/y", "Choose."));
        assertThat(test.run("test", "debian-12", "--id", "x/y")).isEqualTo(2);
        assertThat(test.err()).isEqualTo("ifaas: --id x/y is in no region\n  Choose.\n");
    }

    @Test
    void what_users_type_is_data_in_addresses() {
        shell.run("show", "../hosts?x=1&y=2 #z");

        assertThat(factory.requests).containsExactly("GET /api/v1/builds/..%2Fhosts%3Fx%3D1%26y%3D2%20%23z");
    }

    @Test
    void an_error_names_the_field_the_value_and_the_mend() {
        factory.refuse(
                "GET /api/v1/builds?limit=-1", 400, "the limit is out of range", "limit", "-1", "Take 1 to 1000.");

        assertThat(shell.run("builds", "--limit=-1")).isEqualTo(2);
        assertThat(shell.err()).isEqualTo("ifaas: the limit is out of range (--limit: -1)\n  Take 1 to 1000.\n");
    }

    @Test
    void an_answer_that_is_no_json_of_ours_is_one_line_and_no_stack_trace() throws IOException {
        Files.createDirectories(home.resolve("log"));
        factory.answer("GET /api/v1/images", "<html>");

        assertThat(shell.run("images")).isEqualTo(3);
        assertThat(shell.err())
                .startsWith("ifaas: unexpected: ")
                .contains("Where it happened is in ")
                .doesNotContain("\tat ");
    }

    @Test
    void console_says_where_it_is_and_makes_a_new_password_when_asked() {
        factory.answer("GET /api/v1/console", new ConsoleView("http://127.0.0.1:8080/", null))
                .answer("POST /api/v1/console/password", new ConsoleView("http://127.0.0.1:8080/", "abcde-fghjk"));
        assertThat(shell.run("console")).isZero();
        assertThat(shell.out()).isEqualTo("http://127.0.0.1:8080/\n");
        var second = new Shell(home);
        assertThat(second.run("console", "--new-password")).isZero();
        assertThat(second.out()).contains("Sign in as admin with the password abcde-fghjk");
    }

    @Test
    void status_says_what_the_factory_does() {
        factory.found("build aaaaaaaa of debian-12 is resumed");

        assertThat(shell.run("status")).isZero();
        assertThat(shell.out()).contains("1 running, 0 queued, at most 2 at once", "Found     build aaaaaaaa");
    }

    private CommandsTest log(String stage, int offset, int wait, LogView view) {
        factory.answer("GET /api/v1/builds/aaaaaaaa/logs/%s?offset=%d&wait=%d".formatted(stage, offset, wait), view);
        return this;
    }

    private static RequestView request(String state, @Nullable String how) {
        return new RequestView(
                "aaaaaaaa",
                "debian-12",
                "20261122.1",
                "Standard_Debian_12",
                "ab",
                List.of("first/1111"),
                "root",
                state,
                Instant.parse("2026-11-22T10:00:00Z"),
                null,
                null,
                how,
                null,
                null,
                List.of(),
                List.of());
    }

    private static RequestView approved(RequestView.Region... regions) {
        var request = request("APPROVED", "four-eyes");
        return new RequestView(
                request.build(),
                request.image(),
                request.serial(),
                request.publishAs(),
                request.sha256(),
                request.images(),
                request.requester(),
                request.state(),
                request.requested(),
                "bea",
                Fixtures.START,
                request.how(),
                null,
                new ApprovalView("{}", "AB", Fixtures.START, Fixtures.START.plusSeconds(60), "cd", List.of("eu-es")),
                List.of(regions),
                List.of());
    }

    private static RequestView.Region region(String name, String state, @Nullable String reason) {
        return new RequestView.Region(name, state, reason, Fixtures.START);
    }

    @Test
    void approve_leaves_out_the_regions_that_it_is_told() {
        factory.answer("POST /api/v1/requests/aaaaaaaa/approve", approved(region("eu-de", "WAITING", null)));
        assertThat(shell.run("approve", "aaaaaaaa", "--without", "eu-es,eu-nl")).isZero();
        assertThat(factory.requests)
                .containsExactly(
                        "POST /api/v1/requests/aaaaaaaa/approve {\"sha256\":null,\"without\":[\"eu-es\",\"eu-nl\"]}");
    }

    @Test
    void an_approved_request_says_how_far_each_region_is_and_what_it_has_against_it() {
        var request = approved(region("eu-de", "VERIFIED", null), region("eu-nl", "FAILED", "refused: other bytes"));
        factory.answer("POST /api/v1/requests/aaaaaaaa/approve", request);
        factory.answer("GET /api/v1/requests?limit=50", List.of(request, approved(region("eu-de", "WAITING", null))));

        assertThat(shell.run("approve", "aaaaaaaa")).isZero();
        assertThat(shell.out()).isEqualTo("""
                        debian-12 20261122.1 is approved (four-eyes), to be public as Standard_Debian_12_latest
                          eu-de verified
                          eu-nl failed: refused: other bytes
                          eu-es left out: the image stays private there
                        """);
        var list = new Shell(home);
        assertThat(list.run("requests")).isZero();
        assertThat(list.out())
                .contains(
                        "eu-de verified, eu-nl failed, without eu-es",
                        "all waiting, without eu-es",
                        "aaaaaaaa eu-nl: refused: other bytes");
    }

    @Test
    void records_of_a_newer_factory_are_understood() {
        assertThat(Json.read(
                                "{\"name\":\"a\",\"result\":\"ok\",\"detail\":\"d\",\"since\":\"tomorrow\"}",
                                CheckView.class)
                        .detail())
                .isEqualTo("d");
    }
}
