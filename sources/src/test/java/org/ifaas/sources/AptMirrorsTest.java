package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.AptSource;
import org.ifaas.sources.AptPolicy.Archive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AptMirrorsTest {
    private static final String DATE = "Date: Sat, 21 Nov 2026 00:53:03 UTC\n";
    private static final Set<String> WANTED = Set.of("bash", "openssl", "absent");

    @TempDir
    static Path common;

    static TinyArchive archive;
    static Path keyring;

    @TempDir
    Path temporary;

    private final Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @BeforeAll
    static void serve() throws Exception {
        archive = new TinyArchive(common);
        archive.key("stranger");
        keyring = archive.keyring("archive");
        archive.suite("bookworm", DATE, ".xz", true, Map.of("bash", "5.2.15-2+b7", "openssl", "3.0.9-1", "other", "1"))
                .suite("bookworm-updates", DATE, ".gz", false, Map.of("bash", "5.2.15-2+b2"))
                .suite("bookworm-security", DATE, "", false, Map.of("openssl", "3.0.15-1~deb12u1"));
    }

    @AfterAll
    static void stop() throws Exception {
        archive.close();
    }

    @Test
    void a_release_is_built_from_its_base_its_updates_and_its_security_updates() throws Exception {
        var mirrors =
                mirrors(Map.of("debian", new Archive("http://one.test/debian/", "http://two.test/debian-security")));
        assertThat(mirrors.sources("debian", "bookworm"))
                .extracting(AptSource::line)
                .containsExactly(
                        "deb http://one.test/debian bookworm main",
                        "deb http://one.test/debian bookworm-updates main",
                        "deb http://two.test/debian-security bookworm-security main");
        assertThat(mirrors.sources("debian", "sid"))
                .extracting(AptSource::line)
                .containsExactly("deb http://one.test/debian sid main");
        assertThat(mirrors.sources("tiny", "")).isEmpty();
    }

    @Test
    void this_machines_own_apt_tells_the_mirrors_of_any_release() throws Exception {
        var mirrors = withApt("""
                deb http://elsewhere.test/debian bookworm stable
                deb http://elsewhere.test/node nodistro main
                deb http://one.test/debian/ bookworm main
                deb http://one.test/debian/ bookworm-updates main
                deb http://one.test/debian-security bookworm-security main
                """);
        assertThat(mirrors.sources("debian", "trixie"))
                .extracting(AptSource::line)
                .containsExactly(
                        "deb http://one.test/debian trixie main",
                        "deb http://one.test/debian trixie-updates main",
                        "deb http://one.test/debian-security trixie-security main");
    }

    @Test
    void a_source_counts_though_apt_has_not_fetched_it_yet() throws Exception {
        var sources = """
                deb http://one.test/debian/ bookworm main
                deb http://one.test/debian-security bookworm-security main
                """;
        withApt(sources);
        Files.writeString(
                temporary.resolve("etc/state/lists/one.test_debian_dists_bookworm_Release"),
                "Origin: Debian\nSuite: stable\nCodename: bookworm\nComponents: main\nArchitectures: amd64\n"
                        + "Date: Sat, 10 Oct 2026 10:00:00 UTC\nSHA256:\n");
        assertThat(withApt(sources).sources("debian", "bookworm"))
                .extracting(AptSource::url)
                .containsExactly("http://one.test/debian", "http://one.test/debian", "http://one.test/debian-security");
    }

    @Test
    void without_a_mirror_the_operator_is_told_what_to_do() throws Exception {
        var none = failure(() -> withApt("").sources("debian", "bookworm"));
        assertThat(none.blame()).isEqualTo(Blame.FACTORY);
        assertThat(none).hasMessageContaining("no mirror is known for debian");
        assertThat(none.mend()).contains("configuration");
        assertThat(failure(() ->
                        withApt("deb http://one.test/debian bookworm main\n").sources("debian", "bookworm")))
                .hasMessageContaining("no mirror is known for security updates of debian");
    }

    @ParameterizedTest
    @CsvSource({
        "mirror:file,false",
        "--x,false",
        "http://a b,false",
        "/var/x,false",
        "https://x.test/debian,true",
        "file:///srv,true"
    })
    void an_address_of_a_mirror_is_checked(String address, boolean fine) {
        if (fine) {
            assertThat(new Archive(address + "/", null).base()).isEqualTo(address);
        } else {
            assertThatThrownBy(() -> new Archive(address, null)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void the_state_of_a_mirror_is_the_digest_and_date_of_what_it_has_signed() throws Exception {
        var states = mirrors().state(sources());
        assertThat(states)
                .extracting(state -> state.source().suite())
                .containsExactly("bookworm", "bookworm-updates", "bookworm-security");
        assertThat(states).allSatisfy(state -> assertThat(state.date()).isEqualTo("2026-11-21T00:53:03Z"));
        assertThat(states.getFirst().releaseDigest())
                .isEqualTo(sha256(Files.readAllBytes(archive.file("bookworm", "InRelease"))));
    }

    @Test
    void versions_are_those_of_the_state_that_is_told_with_them() throws Exception {
        assertThat(mirrors().offer(sources(), "amd64", WANTED).mirrors())
                .isEqualTo(mirrors().state(sources()));
        archive.requests.clear();
        mirrors().offer(sources(), "amd64", WANTED);
        assertThat(archive.requests).hasSize(3).allMatch(path -> path.endsWith("/InRelease"));
    }

    @Test
    void the_highest_version_over_all_suites_is_offered() throws Exception {
        assertThat(mirrors().offer(sources(), "amd64", WANTED).versions())
                .isEqualTo(Map.of("bash", "5.2.15-2+b7", "openssl", "3.0.15-1~deb12u1"));
    }

    @Test
    void a_list_of_packages_is_fetched_once_and_the_signature_each_time() throws Exception {
        var first = mirrors().offer(sources(), "amd64", Set.of("bash")).versions();
        archive.requests.clear();
        assertThat(mirrors().offer(sources(), "amd64", WANTED).versions())
                .containsAllEntriesOf(first)
                .containsKey("openssl");
        assertThat(archive.requests).hasSize(3).allMatch(path -> path.endsWith("/InRelease"));
    }

    @Test
    void a_mirror_may_be_a_folder_or_have_moved() throws Exception {
        for (var url : List.of("file://" + archive.onDisk(), archive.url("moved"))) {
            var sources = List.of(new AptSource(url, "bookworm", List.of("main")));
            assertThat(mirrors().state(sources)).hasSize(1);
            assertThat(mirrors().offer(sources, "amd64", WANTED).versions()).containsEntry("openssl", "3.0.9-1");
        }
    }

    @Test
    void a_suite_that_is_not_there_is_named() {
        for (var url : List.of(archive.url(), "file://" + archive.onDisk())) {
            var failure = failure(() -> mirrors().state(List.of(new AptSource(url, "nosuch", List.of("main")))));
            assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
            assertThat(failure).hasMessage("the mirror " + url + " has no suite nosuch");
        }
    }

    @Test
    void a_mirror_in_trouble_is_named() throws Exception {
        assertThat(cloud(archive.url("broken"), "bookworm"))
                .hasMessageContaining("/InRelease can't be fetched: it answers with HTTP status 503");
        assertThat(cloud(archive.url("loop"), "bookworm")).hasMessageContaining("HTTP status 302");
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(cloud("http://127.0.0.1:" + port, "bookworm")).hasMessageContaining("can't be fetched: ");
    }

    @Test
    void a_mirror_that_never_ends_its_answer_is_left() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var impatient = new AptPolicy(
                    Map.of(), List.of("main"), List.of(keyring), Duration.ofMillis(300), 1 << 20, 1 << 20);
            var mirrors = new AptMirrors(impatient, temporary.resolve("lists"), () -> now);
            var url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(failure(() -> mirrors.state(List.of(new AptSource(url, "bookworm", List.of("main")))))
                            .blame())
                    .isEqualTo(Blame.CLOUD);
        }
    }

    @Test
    void a_release_file_that_is_too_large_is_not_read() {
        var small = new AptPolicy(Map.of(), List.of("main"), List.of(keyring), Duration.ofSeconds(30), 100, 1 << 20);
        var mirrors = new AptMirrors(small, temporary.resolve("lists"), () -> now);
        assertThat(failure(() -> mirrors.state(sources())).blame()).isEqualTo(Blame.CLOUD);
    }

    @Test
    void changed_content_is_refused() throws Exception {
        archive.suite("changed", DATE, ".xz", false, Map.of("bash", "1"));
        var file = archive.file("changed", "InRelease");
        Files.writeString(file, Files.readString(file).replace("21 Nov 2026", "22 Nov 2026"));
        assertThat(cloud(archive.url(), "changed")).hasMessageContaining("/InRelease is not good: BADSIG");
    }

    @Test
    void unsigned_content_around_the_signed_does_not_count() throws Exception {
        archive.suite("around", DATE, ".xz", false, Map.of("bash", "1"));
        var file = archive.file("around", "InRelease");
        Files.writeString(file, "Date: Sun, 01 Jan 2034 00:00:00 UTC\n\n" + Files.readString(file));
        assertThat(mirrors()
                        .state(List.of(new AptSource(archive.url(), "around", List.of("main"))))
                        .getFirst()
                        .date())
                .isEqualTo("2026-11-21T00:53:03Z");
    }

    @Test
    void a_stranger_cannot_sign_and_an_unsigned_file_is_nothing() throws Exception {
        archive.release("stranger", "Codename: stranger\n" + DATE, "stranger");
        assertThat(cloud(archive.url(), "stranger")).hasMessageContaining("is not good: ERRSIG");
        Files.writeString(archive.file("stranger", "InRelease"), "Codename: stranger\n" + DATE);
        assertThat(cloud(archive.url(), "stranger")).hasMessageContaining("is not good");
    }

    @Test
    void one_known_key_among_several_is_enough() throws Exception {
        archive.release("both", "Codename: both\n" + DATE, "stranger", "archive");
        assertThat(mirrors().state(List.of(new AptSource(archive.url(), "both", List.of("main")))))
                .hasSize(1);
    }

    @Test
    void another_suite_or_an_old_one_cannot_be_passed_off_as_this() throws Exception {
        archive.release("trixie", "Codename: bookworm\nSuite: oldstable\n" + DATE, "archive");
        assertThat(cloud(archive.url(), "trixie")).hasMessageContaining("it is that of bookworm, not of trixie");
        archive.release(
                "frozen", "Codename: frozen\n" + DATE + "Valid-Until: Sun, 22 Nov 2026 9:59:59 UTC\n", "archive");
        assertThat(cloud(archive.url(), "frozen")).hasMessageContaining("it was valid until 2026-11-22T09:59:59Z");
        archive.release("dateless", "Codename: dateless\n", "archive");
        assertThat(cloud(archive.url(), "dateless")).hasMessageContaining("it has no date");
    }

    @Test
    void without_a_keyring_nothing_is_believed() {
        var policy = AptPolicy.defaults();
        var keyless = new AptPolicy(
                Map.of(),
                policy.components(),
                List.of(temporary.resolve("absent.gpg")),
                policy.limit(),
                policy.mostReleaseBytes(),
                policy.mostIndexBytes());
        var failure = failure(() -> new AptMirrors(keyless, temporary.resolve("lists"), () -> now).state(sources()));
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContaining("can't be checked").hasMessageContaining("absent.gpg");
        assertThat(failure.mend()).contains("debian-archive-keyring");
    }

    @Test
    void a_distribution_whose_keyring_is_missing_is_refused_before_its_mirror_is_asked() throws Exception {
        var debians = temporary.resolve("debian-archive-keyring.pgp");
        Files.copy(keyring, debians);
        var archives = Map.of(
                "debian",
                new Archive(archive.url(), archive.url()),
                "ubuntu",
                new Archive(archive.url(), archive.url()));
        var policy = new AptPolicy(
                archives,
                List.of("main"),
                List.of(
                        temporary.resolve("debian-archive-keyring.gpg"),
                        debians,
                        temporary.resolve("ubuntu-archive-keyring.gpg")),
                Duration.ofMinutes(1),
                1 << 20,
                64 << 20);
        var mirrors = new AptMirrors(policy, temporary.resolve("lists"), () -> now);
        assertThat(mirrors.sources("debian", "bookworm")).isNotEmpty();
        var failure = failure(() -> mirrors.sources("ubuntu", "noble"));
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContaining("keyring").hasMessageContaining("ubuntu-archive-keyring.gpg");
        assertThat(failure.mend()).isEqualTo("apt-get install ubuntu-keyring");
    }

    @Test
    void a_list_of_packages_that_was_changed_is_refused_and_not_kept() throws Exception {
        archive.suite("tampered", DATE, ".gz", false, Map.of("bash", "1"));
        var index = archive.file("tampered", "main/binary-amd64/Packages.gz");
        var good = Files.readAllBytes(index);
        var bad = good.clone();
        bad[bad.length / 2] ^= 1;
        Files.write(index, bad);
        var source = List.of(new AptSource(archive.url(), "tampered", List.of("main")));
        var failure = failure(() -> mirrors().offer(source, "amd64", WANTED));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("Packages.gz can't be fetched: its sha256 is ");
        Files.write(index, good);
        assertThat(mirrors().offer(source, "amd64", WANTED).versions()).containsEntry("bash", "1");
    }

    @Test
    void a_list_of_packages_that_grows_without_end_is_refused() throws Exception {
        archive.suite("bomb", DATE, ".xz", false, Map.of("bash", "1".repeat(3 << 20)));
        var source = List.of(new AptSource(archive.url(), "bomb", List.of("main")));
        assertThat(failure(() -> mirrors().offer(source, "amd64", WANTED)))
                .hasMessageContaining("it is larger than any list of packages is");
    }

    @Test
    void an_architecture_without_packages_is_named() {
        assertThat(failure(() -> mirrors().offer(sources(), "riscv64", WANTED)))
                .hasMessageContaining("has no packages of main for riscv64");
    }

    @Test
    void lists_that_nobody_has_asked_for_in_a_month_are_forgotten() throws Exception {
        mirrors().offer(sources(), "amd64", WANTED);
        assertThat(lists()).hasSize(3);
        InstantSource later = () -> now.plus(Duration.ofDays(31));
        archive.suite("later", DATE, ".xz", false, Map.of("bash", "2"));
        new AptMirrors(policy(Map.of()), temporary.resolve("lists"), later)
                .offer(List.of(new AptSource(archive.url(), "later", List.of("main"))), "amd64", WANTED);
        assertThat(lists()).hasSize(1);
    }

    private List<Path> lists() throws IOException {
        try (var files = Files.list(temporary.resolve("lists"))) {
            return files.filter(file -> !Files.isDirectory(file)).toList();
        }
    }

    private static List<AptSource> sources() {
        return List.of("bookworm", "bookworm-updates", "bookworm-security").stream()
                .map(suite -> new AptSource(archive.url(), suite, List.of("main")))
                .toList();
    }

    private AptPolicy policy(Map<String, Archive> archives) {
        return new AptPolicy(archives, List.of("main"), List.of(keyring), Duration.ofMinutes(1), 1 << 20, 64 << 20);
    }

    private AptMirrors mirrors() {
        return mirrors(Map.of());
    }

    private AptMirrors mirrors(Map<String, Archive> archives) {
        return new AptMirrors(policy(archives), temporary.resolve("lists"), () -> now);
    }

    /** The real apt-get, with a configuration of its own. */
    private AptMirrors withApt(String sources) throws IOException {
        var etc = Files.createDirectories(temporary.resolve("etc"));
        Files.writeString(etc.resolve("sources.list"), sources);
        for (var folder : List.of("parts", "state/lists/partial", "cache")) {
            Files.createDirectories(etc.resolve(folder));
        }
        var configuration = Files.writeString(etc.resolve("apt.conf"), """
                Dir::Etc::SourceList "%1$s/sources.list";
                Dir::Etc::SourceParts "%1$s/parts";
                Dir::State "%1$s/state";
                Dir::Cache "%1$s/cache";
                """.formatted(etc), StandardCharsets.UTF_8);
        return new AptMirrors(
                policy(Map.of()),
                temporary.resolve("lists"),
                () -> now,
                new MachineApt(Map.of("APT_CONFIG", configuration.toString()), () -> now));
    }

    private StageFailure cloud(String url, String suite) {
        var failure = failure(() -> mirrors().state(List.of(new AptSource(url, suite, List.of("main")))));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure.mend()).isNotEmpty();
        return failure;
    }

    private static StageFailure failure(ThrowingCallable call) {
        var failure = catchThrowableOfType(StageFailure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
