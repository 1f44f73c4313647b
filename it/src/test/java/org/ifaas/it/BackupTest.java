package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.StatusView;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running factory is backed up, and restored where there was none: into the embedded PostgreSQL of a new home, and into
 * Debian's. Artifact store and regions are the same ones, as they would be mounted again.
 */
@Tag("slow")
@ExtendWith(TestServer.Running.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupTest {
    private static final String QUICK = "{\"image\":\"quick\",\"host\":\"container\",\"runTests\":false,\"force\":%s}";
    private static final TestHome OLD = TestHome.make("backup-old");
    private static final TestHome NEW = TestHome.make("backup-new");
    private static final TestHome DEBIAN = TestHome.make("backup-debian");
    private static final Path FILE = OLD.path().resolve("factory.backup");

    private static Installation installation;
    private static Path configuration;
    private static RunningFactory factory;
    private static Known known;

    /** All that people know of a factory's builds. */
    private record Known(List<BuildView> builds, List<ReleaseView> releases, Map<String, String> logs) {
        static Known of(RunningFactory factory) throws IOException, InterruptedException {
            var builds = Arrays.asList(factory.get("/builds", BuildView[].class));
            var logs = new TreeMap<String, String>();
            for (var build : builds) {
                for (var stage : factory.show(build.id()).stages()) {
                    logs.put(build.id() + " " + stage.name(), factory.log(build.id(), stage.name()));
                }
            }
            return new Known(builds, Arrays.asList(factory.get("/releases", ReleaseView[].class)), logs);
        }
    }

    @BeforeAll
    static void buildSomething() throws Exception {
        installation = Installation.in(OLD.path().resolve("installation"));
        var definitions = Definitions.in(OLD.path().resolve("definitions"))
                .script("quick", 8, """
                        #!/bin/sh
                        set -eu
                        qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                        printf 'quick\\t1\\tall\\tquick\\n' >"$IFAAS_PACKAGES"
                        """)
                .script("broken", 8, "#!/bin/sh\necho 'wrong: ä ∑ 𝄞'\nexit 3\n");
        definitions.commit();
        configuration = definitions.configuration(
                """
                store: {directory: '%s'}
                regions:
                  - {name: region-a, directory: '%s'}
                """.formatted(OLD.path().resolve("kept/store"), OLD.path().resolve("kept/region")));
        factory = start(OLD);
        assertThat(factory.awaitEnd(build(false)).state()).isEqualTo("SUCCEEDED");
        var broken = factory.build("{\"image\":\"broken\",\"host\":\"container\"}");
        assertThat(factory.awaitEnd(broken.id()).state()).isEqualTo("FAILED");
        known = Known.of(factory);
    }

    private static RunningFactory start(TestHome home, String... options) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("--config", configuration.toString()));
        all.addAll(List.of(options));
        return RunningFactory.in(home.path(), all.toArray(String[]::new));
    }

    private static String build(boolean force) throws IOException, InterruptedException {
        return factory.build(QUICK.formatted(force)).id();
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        for (var home : List.of(OLD, NEW, DEBIAN)) {
            home.assertNothingIsLeftAndRemove();
        }
    }

    @Test
    @Order(1)
    void aRunningFactoryIsBackedUpToAFileThatNobodyElseReads() throws Exception {
        var ended = installation
                .ifaas("backup", FILE.toString(), "--home", OLD.path().toString())
                .well();
        assertThat(ended.printed()).contains("Wrote " + FILE);
        assertThat(Files.getPosixFilePermissions(FILE)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    @Order(2)
    void nothingIsRestoredWhereAFactoryRunsOrFromWhatIsNoBackup() throws Exception {
        var running = restore(FILE, OLD);
        assertThat(running.code()).isEqualTo(2);
        assertThat(running.printed())
                .contains("a factory runs for " + OLD.path())
                .contains("serve --stop");

        var cut = Files.write(
                OLD.path().resolve("cut.backup"), Arrays.copyOf(Files.readAllBytes(FILE), (int) Files.size(FILE) / 2));
        for (var bad : List.of(cut, configuration)) {
            var refused = restore(bad, NEW);
            assertThat(refused.code()).as(refused.printed()).isNotZero();
            assertThat(refused.printed()).contains("ackup").doesNotContain("Exception", "\tat ");
        }
    }

    private static Installation.Ended restore(Path file, TestHome home, String... options)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(
                "restore", file.toString(), "--home", home.path().toString(), "--config", configuration.toString()));
        words.addAll(List.of(options));
        return installation.ifaas(words.toArray(String[]::new));
    }

    @Test
    @Order(3)
    void aNewHomeHasTheBuildsReleasesAndLogsAndBuildsOn() throws Exception {
        factory.close();
        assertThat(restore(FILE, NEW).well().printed()).contains("restored from " + FILE);
        factory = start(NEW);
        assertThat(Known.of(factory)).isEqualTo(known);
        assertThat(factory.get("/status", StatusView.class).found()).isEmpty();
        assertReleaseVerifies();

        var unchanged = factory.awaitEnd(build(false));
        assertThat(unchanged.state()).as(unchanged.reason()).isEqualTo("UNCHANGED");
        var fresh = factory.awaitEnd(build(true));
        assertThat(fresh.state()).as(fresh.reason()).isEqualTo("SUCCEEDED");
        assertReleaseVerifies();
    }

    private static void assertReleaseVerifies() throws IOException, InterruptedException {
        for (var release : factory.get("/releases", ReleaseView[].class)) {
            assertThat(factory.post("/releases/" + release.id() + "/verify", "", CheckView[].class))
                    .isNotEmpty()
                    .allSatisfy(check ->
                            assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
        }
    }

    @Test
    @Order(4)
    void whatIsInUseIsNotOverwritten() throws Exception {
        factory.close();
        var again = restore(FILE, NEW);
        assertThat(again.code()).isNotZero();
        assertThat(again.printed()).contains("empty database only", "Make a new database");
    }

    @Test
    @Order(5)
    void debiansPostgresqlTakesTheBackupAndCarriesBuilds() throws Exception {
        var database = TestServer.debian().emptyDatabase();
        var url = database.url() + "&user=" + database.user() + "&password="
                + URLEncoder.encode(String.valueOf(database.password()), StandardCharsets.UTF_8);
        restore(FILE, DEBIAN, "--database", url).well();
        factory = start(DEBIAN, "--database", url);
        var status = factory.get("/status", StatusView.class);
        assertThat(status.database())
                .startsWith("PostgreSQL " + TestServer.debian().major())
                .doesNotContain(String.valueOf(database.password()), "password");
        assertThat(DEBIAN.path().resolve("database")).doesNotExist();
        assertThat(Known.of(factory)).isEqualTo(known);

        var fresh = factory.awaitEnd(build(true));
        assertThat(fresh.state()).as(fresh.reason()).isEqualTo("SUCCEEDED");
        factory.kill();
        factory.startAgain();
        assertThat(factory.show(fresh.id()).release()).isEqualTo(fresh.release());
    }

    @Test
    @Order(6)
    void withoutItsArtifactStoreAFactorySaysWhatIsMissing() throws Exception {
        Files.move(OLD.path().resolve("kept/store/builds"), OLD.path().resolve("kept/builds-elsewhere"));
        Files.move(OLD.path().resolve("kept/store/releases"), OLD.path().resolve("kept/releases-elsewhere"));
        var build = known.builds().getFirst().id();
        for (var answer : List.of(
                factory.exchange("GET", "/builds/" + build + "/logs/initialize", ""),
                factory.exchange("POST", "/releases/quick/latest/verify", ""))) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(JsonMapper.shared()
                            .readValue(answer.body(), ErrorView.class)
                            .mend())
                    .contains("store.directory");
        }
        var log = Files.readAllLines(DEBIAN.path().resolve("server.log"));
        assertThat(log.stream().filter(line -> line.startsWith("\tat ")).collect(Collectors.toList()))
                .isEmpty();
    }
}
