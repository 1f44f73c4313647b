package org.ifaas.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.store.Scratch;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.StoreFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EmbeddedPostgresTest {
    private static Path template;

    private final List<Path> folders = new ArrayList<>();
    private final List<AutoCloseable> running = new ArrayList<>();

    /** A home that was stopped cleanly; copied, because making one takes seconds. */
    @BeforeAll
    static void makeTemplate() {
        template = Scratch.folder("template");
        EmbeddedPostgres.start(template, Scratch.programs()).close();
    }

    @AfterAll
    static void deleteTemplate() {
        Scratch.delete(template);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        for (var closeable : running.reversed()) {
            closeable.close();
        }
        folders.forEach(Scratch::delete);
    }

    private Path home() throws IOException {
        var home = Scratch.folder("home");
        folders.add(home);
        return copy(template, home);
    }

    private static Path copy(Path from, Path to) throws IOException {
        assertThat(Command.run(List.of("cp", "-a", from + "/.", to.toString())).ok())
                .isTrue();
        return to;
    }

    private EmbeddedPostgres start(Path home) {
        return start(home, Scratch.programs());
    }

    private EmbeddedPostgres start(Path home, Path programs) {
        var server = EmbeddedPostgres.start(home, programs);
        running.add(server);
        return server;
    }

    private static String ask(EmbeddedPostgres server, String question) throws SQLException {
        try (var connection = server.address().dataSource().getConnection();
                var statement = connection.createStatement()) {
            if (!statement.execute(question)) {
                return "";
            }
            var row = statement.getResultSet();
            row.next();
            return row.getString(1);
        }
    }

    private static boolean root() throws IOException {
        return Folders.owner(Path.of("/proc/self")) == 0;
    }

    /** A factory in a process of its own, as far as its row has been written. */
    private Process factory(List<String> prefix, Path home) throws IOException {
        var argv = new ArrayList<>(prefix);
        argv.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledFactory.class.getName(),
                home.toString(),
                Scratch.programs().toString()));
        var factory = new ProcessBuilder(argv)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        running.add(() -> factory.destroyForcibly().onExit().join());
        BufferedReader said = factory.inputReader();
        assertThat(said.readLine()).startsWith("written");
        return factory;
    }

    private Path killedFactory() throws Exception {
        var home = home();
        var factory = factory(List.of(), home);
        factory.destroyForcibly().waitFor();
        return home;
    }

    @Test
    void the_server_writes_durably_and_lets_in_nobody_but_its_factory() throws Exception {
        var server = start(home());
        assertThat(ask(server, "show fsync")).isEqualTo("on");
        assertThat(ask(server, "show data_checksums")).isEqualTo("on");
        assertThat(ask(server, "show server_version")).startsWith("18.");
        assertThat(ask(server, "show listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(ask(server, "select rolsuper::text from pg_roles where rolname = current_user"))
                .isEqualTo("false");
        for (var login : List.of(
                new Address(server.address().jdbcUrl(), "ifaas", "guessed"),
                new Address(server.address().jdbcUrl(), "ifaas", ""),
                new Address(server.address().jdbcUrl(), "postgres", ""),
                new Address(
                        server.address().jdbcUrl().replace("/ifaas", "/postgres"),
                        "ifaas",
                        server.address().password()))) {
            assertThatThrownBy(() -> login.dataSource().getConnection()).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void password_data_and_log_are_for_the_owners_eyes_only() throws Exception {
        var home = home();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("log"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("password"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data"))))
                .isEqualTo("rwx------");
    }

    @Test
    void what_was_written_is_there_after_a_restart_and_a_stopped_server_is_gone() throws Exception {
        var home = home();
        var first = start(home);
        ask(first, "create table t as select 42 as answer");
        first.close();
        assertThat(first.process().isAlive()).isFalse();
        var second = start(home);
        assertThat(second.adopted()).isFalse();
        assertThat(ask(second, "select answer from t")).isEqualTo("42");
    }

    @Test
    void a_home_whose_name_a_shell_would_read_otherwise_is_a_home_like_any_other() throws Exception {
        var home = Scratch.folder("a $(exit 1) `false` \"q' \\ 100%d,c:d");
        folders.add(home);
        var first = start(home, home.resolve("postgresql"));
        ask(first, "create table t as select 42 as answer");
        first.close();
        assertThat(ask(start(home, home.resolve("postgresql")), "select answer from t"))
                .isEqualTo("42");
    }

    @Test
    void two_factories_never_share_a_home() throws Exception {
        var home = home();
        start(home);
        assertThatThrownBy(() -> EmbeddedPostgres.start(home, Scratch.programs()))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining(
                        "another factory (process " + ProcessHandle.current().pid() + ") uses it");
    }

    @Test
    void the_server_of_a_killed_factory_is_adopted() throws Exception {
        var home = killedFactory();
        var server = start(home);
        assertThat(server.adopted()).isTrue();
        assertThat(ask(server, "select count(*) from written")).isEqualTo("1");
        server.close();
        assertThat(server.process().isAlive()).isFalse();
    }

    @Test
    void the_server_of_a_killed_factory_of_another_release_is_replaced() throws Exception {
        var home = killedFactory();
        var orphan =
                Postmaster.find(home.toRealPath().resolve("data")).orElseThrow().process();
        var programs = Scratch.folder("programs");
        folders.add(programs);
        var server = start(home, copy(Scratch.programs(), programs));
        assertThat(server.adopted()).isFalse();
        assertThat(orphan.isAlive()).isFalse();
        assertThat(ask(server, "select count(*) from written")).isEqualTo("1");
    }

    @Test
    void a_killed_server_is_started_again_at_its_address_with_all_that_was_committed() throws Exception {
        var server = start(home());
        ask(server, "create table t as select 42 as answer");
        for (int time = 0; time < 2; time++) {
            var killed = server.process();
            killed.destroyForcibly();
            while (server.process().equals(killed)) {
                Thread.sleep(20);
            }
            assertThat(ask(server, "select answer from t")).isEqualTo("42");
        }
        server.close();
        assertThat(server.process().isAlive()).isFalse();
    }

    @Test
    void a_killed_server_that_can_not_start_is_tried_again_until_its_factory_ends() throws Exception {
        var home = home();
        var server = start(home);
        Files.writeString(home.resolve("data/postgresql.conf"), "no_such_setting = 1\n");
        server.process().destroyForcibly();
        while (!Files.readString(home.resolve("log")).contains("no_such_setting")) {
            Thread.sleep(20);
        }
        server.close();
        assertThat(Postmaster.find(home.toRealPath().resolve("data"))).isEmpty();
        Files.writeString(home.resolve("data/postgresql.conf"), "");
        start(home);
    }

    @Test
    void while_its_port_is_taken_a_killed_server_is_tried_again_and_no_more_when_its_factory_ends() throws Exception {
        var home = home();
        var server = start(home);
        var log = home.resolve("log");
        try (var taken = takePortOf(server)) {
            while (refusals(log) < 2) {
                Thread.sleep(20);
            }
            var before = refusals(log);
            server.close();
            // One try may have been under way, and one have begun since they were counted.
            assertThat(refusals(log) - before).isLessThanOrEqualTo(2);
            assertThat(taken.isBound()).isTrue();
        }
        assertThat(Postmaster.find(home.toRealPath().resolve("data"))).isEmpty();
        start(home);
    }

    /** Kills the server until somebody else is the first to have its port. */
    private static ServerSocket takePortOf(EmbeddedPostgres server) throws IOException {
        var port = URI.create(server.address().jdbcUrl().substring("jdbc:".length()))
                .getPort();
        while (true) {
            server.process().destroyForcibly();
            try {
                return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
            } catch (BindException stillTheServers) {
                Thread.onSpinWait();
            }
        }
    }

    private static long refusals(Path log) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.contains("could not bind"))
                .count();
    }

    @Test
    void a_pid_file_that_names_another_process_is_no_obstacle() throws Exception {
        var home = home();
        var server = start(home);
        var pidFile = home.resolve("data/postmaster.pid");
        var content = Files.readString(pidFile);
        server.close();
        Files.writeString(
                pidFile,
                content.replaceFirst("\\d+", "" + ProcessHandle.current().pid()));
        assertThat(start(home).adopted()).isFalse();
    }

    @Test
    void data_of_another_major_version_is_refused_with_the_way_out() throws Exception {
        var home = home();
        Files.writeString(home.resolve("data/PG_VERSION"), "17\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(home, Scratch.programs()))
                .isInstanceOfSatisfying(StoreFailure.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("written by PostgreSQL 17")
                            .hasMessageContaining("brings PostgreSQL 18");
                    assertThat(failure.mend()).contains("ifaas backup").contains("ifaas restore");
                });
    }

    @Test
    void a_server_that_does_not_start_says_why() throws Exception {
        var home = home();
        Files.writeString(home.resolve("data/postgresql.auto.conf"), "shared_buffers = nonsense\n");
        Files.writeString(home.resolve("data/postgresql.conf"), "no_such_setting = 1\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(home, Scratch.programs()))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("no_such_setting");
    }

    @Test
    void a_home_that_cannot_be_written_is_told() throws Exception {
        var file = Files.writeString(home().resolve("file"), "");
        assertThatThrownBy(() -> EmbeddedPostgres.start(file.resolve("home"), Scratch.programs()))
                .isInstanceOf(StoreFailure.class);
    }

    @Test
    void a_factory_that_is_a_plain_user_runs_the_server_as_itself() throws Exception {
        var home = Scratch.folder("user");
        folders.add(home);
        var factory = factory(
                root() ? List.of("unshare", "-U", "--map-user=65534", "--map-group=65534", "--") : List.of(), home);
        factory.outputWriter().close();
        assertThat(factory.inputReader().readLine()).isEqualTo("stopped");
        assertThat(factory.waitFor()).isZero();
    }

    @Test
    void where_user_namespaces_are_off_root_runs_the_server_as_the_owner_of_the_data() throws Exception {
        assumeTrue(root(), "only root can give folders away");
        var open = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
        var base = Files.createTempDirectory("ifaas-store-test", open);
        folders.add(base);
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
        var home = Files.createDirectory(base.resolve("home"));
        var as = RunAs.otherUser();
        as.give(Files.createDirectory(home.resolve("data")));
        var server = start(home, copy(Scratch.programs(), Files.createDirectory(base.resolve("programs"))));
        assertThat(Folders.owner(Path.of("/proc/" + server.process().pid()))).isEqualTo(as.owner());
        assertThat(Folders.owner(home.resolve("data"))).isEqualTo(as.owner());
        assertThat(ask(server, "show fsync")).isEqualTo("on");
    }

    @Test
    void a_path_that_the_owner_of_the_data_cannot_pass_is_named() throws Exception {
        assumeTrue(root(), "only root can give folders away");
        var home = Files.createTempDirectory("ifaas-store-test");
        folders.add(home);
        RunAs.otherUser().give(Files.createDirectory(home.resolve("data")));
        assertThatThrownBy(() -> EmbeddedPostgres.start(home, Scratch.programs()))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("can't get at this path");
    }
}
