package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.api.DifferenceView;
import org.ifaas.cli.factory.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {
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
    void piped_output_has_one_line_for_each_change_and_ends_with_the_release_and_what_to_do_with_it() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 1, "one"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 1, "two"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 2, "three"))
                .then(Fixtures.succeeded("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debian-12")).isZero();

        assertThat(shell.err()).isEmpty();
        assertThat(shell.out()).startsWith("""
                        10:00:00 debian-12 aaaaaaaa queued
                        10:00:00 debian-12 aaaaaaaa running
                        10:00:00 debian-12 aaaaaaaa 1/15 Initialize: running
                        10:00:10 debian-12 aaaaaaaa 1/15 Initialize: done after 0:10
                        10:00:10 debian-12 aaaaaaaa 2/15 Spawn build host: running
                        """).endsWith("""

                        + debian-12 20261122.1 (build aaaaaaaa) is done after 12:34
                          Release   /home/factory/releases/debian-12/20261122.1
                          Image     files/debian-12.qcow2, 356 MB
                          SHA-256   abababababababababababababababababababababababababababababababab
                          Tests     24 passed, 1 skipped
                          Regions   first/11111111-2222
                                    second/33333333-4444
                          Key       FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF

                          Verify    ifaas verify debian-12/20261122.1
                                    or with the customers' own tools:
                                      gpgv --keyring ./key.gpg SHA256SUMS.asc SHA256SUMS
                                      sha256sum -c --strict SHA256SUMS
                          Publish   ifaas approve aaaaaaaa    (or: ifaas reject aaaaaaaa --reason TEXT)
                        """);
    }

    @Test
    void a_build_that_waits_for_a_quota_says_which_and_goes_on() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.waiting("aaaaaaaa", "debian-12", "the quota of servers is full: 10 of 10 are used"))
                .then(Fixtures.waiting("aaaaaaaa", "debian-12", "the quota of servers is full: 9 of 9 are used"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 1, "one"))
                .then(Fixtures.succeeded("aaaaaaaa", "debian-12"));
        assertThat(shell.run("build", "debian-12")).isZero();
        assertThat(shell.out()).startsWith("""
                        10:00:00 debian-12 aaaaaaaa queued
                        10:00:00 debian-12 aaaaaaaa queued, the quota of servers is full: 10 of 10 are used
                        10:00:00 debian-12 aaaaaaaa running
                        """);
    }

    @Test
    void a_failure_says_who_is_to_blame_and_what_to_do_and_exits_with_1() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.failed(
                        "aaaaaaaa", "debian-12", 7, "IMAGE", "package foo is unknown", "Correct packages."));

        assertThat(shell.run("build", "debian-12")).isEqualTo(1);

        assertThat(shell.out())
                .contains("7/15 Build image: failed after 1:01, blame IMAGE: package foo is unknown\n")
                .endsWith("""

                        x debian-12 20261122.1 (build aaaaaaaa) failed after 1:32
                          Stage     7, Build image; to blame: the image definition
                          What      package foo is unknown
                          Mend      Correct packages.
                          Log       ifaas logs aaaaaaaa build-image
                          Again     ifaas retry aaaaaaaa    (keeps what is done)
                        """);
    }

    @Test
    void a_partial_build_says_which_region_is_missing_and_exits_with_1() {
        var failed = Fixtures.failed("aaaaaaaa", "debian-12", 12, "CLOUD", "RegionTwo does not answer", "Look at it.");
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12")).then(Fixtures.in("PARTIAL", failed));

        assertThat(shell.run("build", "debian-12")).isEqualTo(1);

        assertThat(shell.out())
                .contains("is partial: all is made but copies in regions", "RegionTwo does not answer")
                .endsWith("  Again     ifaas retry aaaaaaaa    (copies to what is missing)\n");
    }

    @Test
    void nothing_to_do_is_a_success_that_names_the_release_it_equals() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.ended(
                        "aaaaaaaa",
                        "debian-12",
                        "UNCHANGED",
                        "nothing to do: all inputs are the same",
                        "debian-12/20261101.1"));

        assertThat(shell.run("build", "debian-12")).isZero();

        assertThat(shell.out())
                .contains(
                        "had nothing to do: all inputs are the same\n", "ifaas verify debian-12/20261101.1", "--force");
    }

    @Test
    void what_was_skipped_is_one_line_before_the_end() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 1, "one"))
                .then(Fixtures.skipped("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debian-12")).isZero();
        assertThat(shell.out()).startsWith("""
                        10:00:00 debian-12 aaaaaaaa queued
                        10:00:00 debian-12 aaaaaaaa running
                        10:00:00 debian-12 aaaaaaaa 1/15 Initialize: running
                        10:00:10 debian-12 aaaaaaaa 1/15 Initialize: done after 0:10
                        10:01:31 debian-12 aaaaaaaa 14/15 Clean up: done after 0:01
                        10:01:32 debian-12 aaaaaaaa 15/15 Destroy build host: done after 0:01
                        10:01:33 debian-12 aaaaaaaa 2-13/15 skipped
                        10:01:33 debian-12 aaaaaaaa nothing to do
                        """);
    }

    @Test
    void what_changed_in_one_moment_is_told_in_the_order_of_the_stages_and_the_rest_when_it_happened() {
        factory.script(Fixtures.again("aaaaaaaa", "debian-12")).then(Fixtures.succeeded("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debian-12")).isZero();
        assertThat(shell.out()).startsWith("""
                        10:00:00 debian-12 aaaaaaaa running
                        10:01:30 debian-12 aaaaaaaa 1, 4-11/15 skipped: stands from an earlier attempt
                        10:01:30 debian-12 aaaaaaaa 12/15 Copy to regions: running
                        10:01:31 debian-12 aaaaaaaa 2/15 Spawn build host: done after 0:01
                        10:01:31 debian-12 aaaaaaaa 3/15 Connect build host: running
                        """);
    }

    @Test
    void a_cancelled_build_exits_with_4() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.ended("aaaaaaaa", "debian-12", "CANCELLED", "by root", null));

        assertThat(shell.run("build", "debian-12")).isEqualTo(4);
        assertThat(shell.out()).contains("was cancelled", "by root");
    }

    @Test
    void several_builds_run_at_once_and_the_worst_of_them_decides_the_exit_code() {
        var first = factory.script(Fixtures.queued("aaaaaaaa", "debian-12"));
        factory.script(Fixtures.queued("bbbbbbbb", "debian-13"))
                .then(Fixtures.failed("bbbbbbbb", "debian-13", 2, "HOST", "no space", "Make space."));
        first.then(Fixtures.succeeded("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debian-12", "debian-13")).isEqualTo(1);
        assertThat(shell.out()).contains("(build aaaaaaaa) is done", "(build bbbbbbbb) failed");
    }

    @Test
    void json_mode_prints_each_event_as_it_came_and_nothing_else() {
        var running = Fixtures.running("aaaaaaaa", "debian-12", 3, "line");
        var ended = Fixtures.succeeded("aaaaaaaa", "debian-12");
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12")).then(running).then(ended);

        assertThat(shell.run("build", "debian-12", "--json")).isZero();

        assertThat(shell.out().lines())
                .containsExactly(
                        Json.write(Fixtures.queued("aaaaaaaa", "debian-12")), Json.write(running), Json.write(ended));
    }

    @Test
    void detach_prints_the_id_and_does_not_wait() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debian-12", "--detach")).isZero();
        assertThat(shell.out()).isEqualTo("aaaaaaaa\n");
    }

    @Test
    void every_option_reaches_the_factory_as_the_schema_writes_it() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"));

        shell.run(
                "build",
                "debian-12",
                "--detach",
                "--ref",
                "main",
                "--region",
                "a,b",
                "--region",
                "c",
                "--cloud",
                "mycloud",
                "--host",
                "QEMU",
                "--keep-host",
                "4h",
                "--no-tests",
                "--force",
                "--no-publication",
                "--copy-to",
                "x@example.org",
                "--serial-suffix",
                "rc1");

        assertThat(factory.requests)
                .containsExactly(
                        "POST /api/v1/builds {\"image\":\"debian-12\",\"ref\":\"main\",\"regions\":[\"a\",\"b\",\"c\"],"
                                + "\"cloud\":\"mycloud\",\"host\":\"qemu\",\"keepHost\":\"4h\",\"runTests\":false,\"force\":true,\"requestPublication\":false,"
                                + "\"copyTo\":[\"x@example.org\"],\"serialSuffix\":\"rc1\",\"kind\":null,\"imageId\":null,\"file\":null}");
    }

    @Test
    void an_unknown_image_is_refused_with_its_name_and_the_mend_while_the_others_are_built() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12")).then(Fixtures.succeeded("aaaaaaaa", "debian-12"));

        assertThat(shell.run("build", "debain-12", "debian-12")).isEqualTo(2);

        assertThat(shell.err())
                .isEqualTo("ifaas: no image definition has this name (IMAGE: debain-12)\n  See: ifaas images\n");
        assertThat(shell.out()).contains("(build aaaaaaaa) is done");
    }

    @Test
    void a_connection_that_breaks_is_taken_up_again() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 1, null))
                .then(Fixtures.succeeded("aaaaaaaa", "debian-12"))
                .breakAfter(2);

        assertThat(shell.run("build", "debian-12")).isZero();
        assertThat(shell.out().lines().filter(line -> line.endsWith("1/15 Initialize: running")))
                .hasSize(1);
    }

    @Test
    void twice_builds_the_same_commit_again_without_tests_and_says_that_the_bytes_are_the_same() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12")).then(Fixtures.succeeded("aaaaaaaa", "debian-12"));
        factory.script(Fixtures.queued("bbbbbbbb", "debian-12")).then(Fixtures.succeeded("bbbbbbbb", "debian-12"));
        both(new DifferenceView(true, "12ab", "12ab", List.of(), List.of()));

        assertThat(shell.run("build", "debian-12", "--twice")).isZero();

        assertThat(shell.out()).endsWith("Both builds made the same image, byte for byte: SHA-256 12ab\n");
        assertThat(factory.requests)
                .anySatisfy(request -> assertThat(request)
                        .startsWith("POST /api/v1/builds ")
                        .contains(
                                "\"ref\":\"c0ffee",
                                "\"runTests\":false",
                                "\"force\":true",
                                "\"requestPublication\":false"));
    }

    @Test
    void twice_says_what_differs_and_exits_with_5() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12")).then(Fixtures.succeeded("aaaaaaaa", "debian-12"));
        factory.script(Fixtures.queued("bbbbbbbb", "debian-12")).then(Fixtures.succeeded("bbbbbbbb", "debian-12"));
        both(new DifferenceView(false, "12ab", "34cd", List.of("file /etc/machine-id"), List.of()));

        assertThat(shell.run("build", "debian-12", "--twice")).isEqualTo(5);
        assertThat(shell.out()).endsWith("The two images differ: SHA-256 12ab and 34cd\n  file /etc/machine-id\n");
    }

    /** Which of the two is taken first is not said. */
    private void both(DifferenceView view) {
        factory.answer("GET /api/v1/builds/aaaaaaaa/difference/bbbbbbbb", view);
        factory.answer("GET /api/v1/builds/bbbbbbbb/difference/aaaaaaaa", view);
    }
}
