package org.ifaas.hosts.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ifaas.factory.handover.CuttableLink;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection promises, against a real OpenSSH server. */
class SshConnectionTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final SshPolicy POLICY = policy(112L << 20);

    @TempDir
    static Path folder;

    private static SshRemote remote;
    private static SshKey userKey;
    private static SshServer server;
    private Connection connection;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private static SshPolicy policy(long followLimit) {
        return new SshPolicy(
                Duration.ofSeconds(90),
                Duration.ofSeconds(15),
                4,
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                16 * 1024,
                8 * 1024 * 1024,
                followLimit);
    }

    @BeforeAll
    static void startServer() throws Exception {
        remote = new SshRemote(POLICY);
        userKey = remote.key(folder, "user-key", "build test");
        server = new SshServer(folder, remote, userKey);
    }

    @AfterAll
    static void stopServer() {
        server.close();
        remote.close();
    }

    @BeforeEach
    void connect() throws Exception {
        connection = remote.connect(server.host(), userKey, SOON);
    }

    @AfterEach
    void endAll() throws Exception {
        connection.endAll();
        connection.close();
    }

    @Test
    void a_key_is_made_once_and_returned_again() throws Exception {
        assertThat(remote.key(folder, "user-key", "build test")).isEqualTo(userKey);
        assertThat(userKey.publicKey()).startsWith("ssh-ed25519 AAAA").endsWith(" build test");
        assertThat(Files.getPosixFilePermissions(userKey.privateKey())).hasSize(2);
        assertThat(Files.readString(folder.resolve("user-key.pub")).strip()).isEqualTo(userKey.publicKey());
    }

    @Test
    void another_host_key_is_refused_at_once_and_blames_the_host() {
        var other = remote.key(folder, "other-host-key", "").publicKey();
        var imposter = server.host(other, server.port(), server.host().user());
        assertFails(Blame.HOST, "showed the host key", () -> remote.connect(imposter, userKey, SOON));
    }

    @Test
    void a_host_key_first_seen_is_pinned_also_for_the_next_connection(@TempDir Path keys) throws Exception {
        var link = new CuttableLink(server.port());
        var unknown = server.host(null, link.port(), server.host().user());
        var key = new SshKey(Files.copy(userKey.privateKey(), keys.resolve("k")), userKey.publicKey());
        try (link;
                var first = remote.connect(unknown, key, SOON)) {
            assertThat(first.read(Command.of("echo", "in"), SOON)).isEqualTo("in\n");
        }
        var pinned = new KnownHosts(unknown, key).pinned();
        assertThat(pinned).isEqualTo(server.hostKey());
        try (var again = new SshServer(Files.createDirectory(keys.resolve("other")), remote, key)) {
            var sameName = server.host(null, again.port(), server.host().user());
            assertFails(Blame.HOST, "showed the host key", () -> remote.connect(sameName, key, SOON));
        }
    }

    @Test
    void an_address_where_nobody_listens_blames_the_host() throws Exception {
        var nobody = server.host(server.hostKey(), SshServer.freePort(), "root");
        assertFails(Blame.HOST, "could not be reached", () -> remote.connect(nobody, userKey, Duration.ofMillis(300)));
    }

    @Test
    void a_connection_that_opens_and_stays_silent_is_given_up_for_another() throws Exception {
        try (var link = CuttableLink.silentAtFirst(server.port());
                var second = remote.connect(
                        server.host(server.hostKey(), link.port(), server.host().user()), userKey, SOON)) {
            assertThat(second.read(Command.of("echo", "in"), SOON)).isEqualTo("in\n");
        }
    }

    @Test
    void an_unknown_user_key_is_not_let_in() {
        var stranger = remote.key(folder, "stranger", "");
        assertFails(
                Blame.HOST,
                "could not be reached",
                () -> remote.connect(server.host(), stranger, Duration.ofMillis(300)));
    }

    @Test
    void arguments_environment_and_directory_arrive_as_they_are() throws Exception {
        var hostile = "$(touch /tmp/x); 'a' \"b\" `c` \\ \n * é";
        var command = new Command(
                List.of("sh", "-c", "printf '%s|' \"$@\" \"$V\"; pwd", "sh", hostile, "--", ""),
                Map.of("V", hostile),
                "/usr");
        assertThat(connection.read(command, SOON)).isEqualTo(hostile + "|--||" + hostile + "|/usr\n");
    }

    @Test
    void run_logs_both_streams_and_returns_the_exit_code() throws Exception {
        int exit = connection.run(Command.of("sh", "-c", "echo out; echo err >&2; exit 3"), log::add, SOON);
        assertThat(exit).isEqualTo(3);
        assertThat(log).containsExactlyInAnyOrder("out", "err");
    }

    @Test
    void a_short_command_that_takes_too_long_is_ended_on_the_host() throws Exception {
        assertFails(
                Blame.HOST,
                "took longer than 1 s",
                () -> connection.run(Command.of("sh", "-c", "sleep 987 & sleep 987"), log::add, Duration.ofSeconds(1)));
        assertThat(running("sleep 987")).isFalse();
    }

    @Test
    void read_fails_with_what_the_command_said() {
        assertFails(
                Blame.HOST,
                "exited with 4: no such thing",
                () -> connection.read(Command.of("sh", "-c", "echo no such thing >&2; exit 4"), SOON));
    }

    @Test
    void read_refuses_more_than_its_limit() {
        assertFails(
                Blame.HOST,
                "printed more than",
                () -> connection.read(Command.of("head", "-c", "9000000", "/dev/zero"), SOON));
    }

    @Test
    void a_followed_command_gives_its_output_and_its_exit_code() throws Exception {
        int exit = connection.follow("plain", Command.of("sh", "-c", "seq 1 2000; echo x >&2; exit 7"), log::add, SOON);
        assertThat(exit).isEqualTo(7);
        assertThat(log).hasSize(2001).startsWith("1", "2").endsWith("2000", "x");
    }

    @Test
    void a_followed_command_is_not_started_again_but_told_again_from_its_beginning() throws Exception {
        var marker = "/var/tmp/once";
        var command = Command.of("sh", "-c", "echo run >>" + marker + "; echo said");
        connection.follow("once", command, log::add, SOON);
        connection.follow("once", command, log::add, SOON);
        assertThat(log).containsExactly("said", "said");
        assertThat(connection.read(Command.of("cat", marker), SOON)).isEqualTo("run\n");
    }

    @Test
    void a_followed_command_survives_its_client_and_nothing_is_lost() throws Exception {
        var command = Command.of("sh", "-c", "seq 1 50; until [ -e /var/tmp/go ]; do sleep 0.05; done; seq 51 100");
        var half = new CountDownLatch(50);
        var other = new SshRemote(POLICY);
        var abandoned = other.connect(server.host(), userKey, SOON);
        var client = Thread.ofVirtual().start(() -> {
            try {
                abandoned.follow("survivor", command, _ -> half.countDown(), SOON);
            } catch (Exception e) {
                // The client dies.
            }
        });
        half.await();
        client.interrupt();
        client.join();
        other.close();
        connection.upload(new ByteArrayInputStream(new byte[0]), "/var/tmp/go", 0600);
        assertThat(connection.follow("survivor", command, log::add, SOON)).isZero();
        assertThat(log)
                .isEqualTo(
                        IntStream.rangeClosed(1, 100).mapToObj(String::valueOf).toList());
    }

    /** Keeps its lines and how far they reach, as the log of a stage does. */
    private static final class KeptLog implements StageLog {
        private final List<String> lines = new ArrayList<>();
        private final Map<String, Long> reached = new HashMap<>();

        @Override
        public synchronized void line(String text) {
            lines.add(text);
        }

        @Override
        public synchronized void lines(List<String> more, String source, long reached) {
            lines.addAll(more);
            this.reached.put(source, reached);
            notifyAll();
        }

        @Override
        public synchronized long reached(String source) {
            return reached.getOrDefault(source, 0L);
        }

        synchronized void await(String line) throws InterruptedException {
            while (!lines.contains(line)) {
                wait();
            }
        }
    }

    @Test
    void a_log_goes_on_where_it_was_with_the_next_client_and_begins_anew_with_another_run() throws Exception {
        var command = Command.of(
                "sh",
                "-c",
                "seq 1 50; printf '51\\r52\\r53\\r\\n5'; until [ -e /var/tmp/go-on ]; do sleep 0.05; done; echo 4; seq 55 99");
        var kept = new KeptLog();
        var client = Thread.ofVirtual().start(() -> {
            try {
                connection.follow("on", command, kept, SOON);
            } catch (Exception e) {
                // The client dies.
            }
        });
        kept.await("53");
        client.interrupt();
        client.join();
        connection.upload(new ByteArrayInputStream(new byte[0]), "/var/tmp/go-on", 0600);

        assertThat(connection.follow("on", command, kept, SOON)).isZero();
        var all = IntStream.rangeClosed(1, 99)
                .mapToObj(i -> i == 51 || i == 52 ? i + "\r" : String.valueOf(i))
                .toList();
        assertThat(kept.lines).isEqualTo(all);
        assertThat(connection.follow("on", command, kept, SOON)).isZero();
        assertThat(kept.lines).isEqualTo(all);

        connection.read(Command.of("rm", "-r", "/var/tmp/ifaas-run-0/on"), SOON);
        assertThat(connection.follow("on", command, kept, SOON)).isZero();
        assertThat(kept.lines).hasSize(198).endsWith("99");
    }

    @Test
    void a_cut_link_is_made_anew_and_the_log_goes_on_where_it_was() throws Exception {
        try (var link = new CuttableLink(server.port());
                var cuttable = remote.connect(
                        server.host(server.hostKey(), link.port(), server.host().user()), userKey, SOON)) {
            var command = Command.of("sh", "-c", "for i in $(seq 1 30); do echo $i; sleep 0.05; done");
            int exit = cuttable.follow(
                    "cut",
                    command,
                    line -> {
                        log.add(line);
                        if (line.equals("5") || line.equals("15")) {
                            cut(link);
                        }
                    },
                    SOON);
            assertThat(exit).isZero();
            assertThat(log)
                    .isEqualTo(IntStream.rangeClosed(1, 30)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @Test
    void a_followed_command_beyond_its_limit_is_ended_with_its_whole_group() throws Exception {
        var stubborn = Command.of("sh", "-c", "trap '' TERM; sleep 4321 & setsid sleep 4321 & sleep 4321");
        assertFails(
                Blame.IMAGE,
                "took longer than 2 s",
                () -> connection.follow("late", stubborn, log::add, Duration.ofSeconds(2)));
        assertThat(running("sleep 4321")).isFalse();
    }

    @Test
    void end_all_ends_what_was_started_and_its_follower_hears_of_it() throws Exception {
        var exit = new AtomicReference<Integer>();
        var started = new CountDownLatch(1);
        var follower = Thread.ofVirtual().start(() -> {
            try (var second = remote.connect(server.host(), userKey, SOON)) {
                exit.set(second.follow(
                        "endless", Command.of("sh", "-c", "echo on; sleep 8765"), _ -> started.countDown(), SOON));
            } catch (StageFailure | InterruptedException e) {
                log.add(e.toString());
            }
        });
        started.await();
        connection.endAll();
        follower.join();
        assertThat(log).isEmpty();
        assertThat(exit.get()).isEqualTo(143);
        assertThat(running("sleep 8765")).isFalse();
    }

    @Test
    void a_command_that_vanished_without_an_exit_code_blames_the_host() {
        assertFails(
                Blame.HOST,
                "gone without an exit code",
                () -> connection.follow("gone", Command.of("sh", "-c", "kill -9 0"), log::add, SOON));
    }

    @Test
    void a_crash_between_preparing_and_starting_is_recovered() throws Exception {
        var base = "/var/tmp/ifaas-run-"
                + connection.read(Command.of("id", "-u"), SOON).strip();
        connection.read(Command.of("mkdir", "-p", base + "/prepared"), SOON);
        connection.read(Command.of("touch", base + "/prepared/lock"), SOON);
        assertThat(connection.follow("prepared", Command.of("echo", "started"), log::add, SOON))
                .isZero();
        assertThat(log).containsExactly("started");
    }

    @Test
    void a_line_of_100_megabytes_is_cut_in_bounded_memory() throws Exception {
        var command = Command.of("sh", "-c", "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo after");
        assertThat(connection.follow("long-line", command, log::add, SOON)).isZero();
        assertThat(log).hasSize(2);
        assertThat(log.getFirst()).startsWith("xxx").endsWith("[99983616 more bytes in this line were cut]");
        assertThat(log.getFirst().length()).isLessThan(17_000);
        assertThat(log.getLast()).isEqualTo("after");
    }

    @Test
    void a_command_that_prints_without_end_is_ended_before_it_fills_the_disk_and_blames_the_image() throws Exception {
        long limit = 4L << 20;
        try (var other = new SshRemote(policy(limit));
                var limited = other.connect(server.host(), userKey, SOON)) {
            assertFails(
                    Blame.IMAGE,
                    "printed more than",
                    () -> limited.follow("yes", Command.of("cat", "/dev/zero"), _ -> {}, SOON));
        }
        var kept = connection.read(Command.of("sh", "-c", "wc -c </var/tmp/ifaas-run-0/yes/log"), SOON);
        assertThat(Long.parseLong(kept.strip())).isBetween(limit, limit + 1024);
    }

    @Test
    void a_command_ends_though_what_it_leaves_running_holds_its_output() throws Exception {
        var command = Command.of("sh", "-c", "sleep 300 & echo done");
        assertThat(connection.follow("daemon", command, log::add, SOON)).isZero();
        assertThat(log).containsExactly("done");
    }

    @Test
    void invalid_text_is_replaced() throws Exception {
        connection.run(Command.of("printf", "a\\377\\376b\\n"), log::add, SOON);
        assertThat(log).containsExactly("a\uFFFD\uFFFDb");
    }

    @Test
    void ids_of_detached_commands_can_not_leave_their_folder() {
        assertThatThrownBy(() -> connection.follow("../x", Command.of("true"), log::add, SOON))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_file_goes_up_and_comes_down_unchanged() throws Exception {
        var content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        connection.upload(new ByteArrayInputStream(content), "/var/tmp/a/b c/file", 0640);
        var back = new ByteArrayOutputStream();
        connection.download("/var/tmp/a/b c/file", back, content.length);
        assertThat(back.toByteArray()).isEqualTo(content);
        assertThat(connection.read(Command.of("stat", "-c", "%a", "/var/tmp/a/b c/file"), SOON))
                .isEqualTo("640\n");
        assertThat(connection.read(Command.of("ls", "/var/tmp/a/b c"), SOON)).isEqualTo("file\n");
    }

    @Test
    void a_file_larger_than_the_limit_is_not_fetched_and_blames_the_image() throws Exception {
        connection.upload(new ByteArrayInputStream(new byte[100]), "/var/tmp/big", 0600);
        var back = new ByteArrayOutputStream();
        assertFails(Blame.IMAGE, "larger than the limit of 99", () -> connection.download("/var/tmp/big", back, 99));
        assertThat(back.size()).isZero();
    }

    @Test
    void symbolic_links_folders_devices_and_missing_files_are_not_fetched() throws Exception {
        connection.read(Command.of("ln", "-sf", "/etc/passwd", "/var/tmp/link"), SOON);
        var nowhere = OutputStream.nullOutputStream();
        assertFails(Blame.IMAGE, "symbolic link", () -> connection.download("/var/tmp/link", nowhere, 1 << 20));
        assertFails(Blame.IMAGE, "not a regular file", () -> connection.download("/var/tmp", nowhere, 1 << 20));
        assertFails(Blame.IMAGE, "not a regular file", () -> connection.download("/dev/zero", nowhere, 1 << 20));
        assertFails(Blame.IMAGE, "no such file", () -> connection.download("/var/tmp/none", nowhere, 1 << 20));
    }

    @Test
    void a_target_that_can_not_be_written_is_not_the_hosts_fault() throws Exception {
        connection.upload(new ByteArrayInputStream(new byte[100]), "/var/tmp/some", 0600);
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> connection.download("/var/tmp/some", full, 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
    }

    @Test
    void the_command_line_works_when_pasted() throws Exception {
        var pasted = new ProcessBuilder("sh", "-c", connection.commandLine() + " -o BatchMode=yes echo pasted")
                .redirectErrorStream(true)
                .start();
        pasted.getOutputStream().close();
        assertThat(new String(pasted.getInputStream().readAllBytes())).isEqualTo("pasted\n");
    }

    @Test
    void a_login_that_is_not_root_can_do_all_of_it() throws Exception {
        if (!SshServer.root()) {
            return; // then every other test is this test
        }
        try (var plain =
                remote.connect(server.host(server.hostKey(), server.port(), SshServer.OTHER_USER), userKey, SOON)) {
            assertThat(plain.follow("plain", Command.of("id", "-u"), log::add, SOON))
                    .isZero();
            assertThat(log).containsExactly("4242");
            plain.upload(new ByteArrayInputStream("x".getBytes()), "/var/tmp/somebody/file", 0600);
            var back = new ByteArrayOutputStream();
            plain.download("/var/tmp/somebody/file", back, 10);
            assertThat(back.toString()).isEqualTo("x");
            plain.endAll();
        }
    }

    private boolean running(String commandLine) throws Exception {
        var all = connection.read(
                Command.of("sh", "-c", "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null; :"),
                SOON);
        return all.lines().anyMatch(line -> line.strip().equals(commandLine));
    }

    private static void cut(CuttableLink link) {
        try {
            link.cut();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertFails(Blame blame, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(message)
                .asInstanceOf(type(StageFailure.class))
                .satisfies(failure -> {
                    assertThat(failure.blame()).isEqualTo(blame);
                    assertThat(failure.mend()).isNotBlank();
                });
    }
}
