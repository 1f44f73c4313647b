package org.ifaas.hosts.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.suite.LocalConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host may leave in its export, and what becomes of it. */
class HostileExportTest {
    private static final BuildHost HOST =
            new BuildHost(HostKind.NOVA, "ifaas-abc123-k3f9x2ma-h1", "192.0.2.5", 22, "root", null, "", Instant.EPOCH);

    @TempDir
    Path scratch;

    private Path exports;
    private Path calls;
    private NfsHandover handover;

    @BeforeEach
    void anExport() throws IOException {
        exports = Files.createDirectory(scratch.resolve("exports"));
        calls = scratch.resolve("calls");
        handover = handover(List.of("sh", "-c", "echo out \"$@\" >>" + calls, "sh", "{client}:{folder}"));
    }

    private NfsHandover handover(List<String> unexport) {
        return new NfsHandover(new NfsPolicy(
                exports,
                "192.0.2.9",
                2049,
                List.of("sh", "-c", "echo in \"$@\" >>" + calls, "sh", "{client}:{folder}", "{uid}"),
                unexport));
    }

    @AfterEach
    void nothingStays() throws Exception {
        handover.remove(HOST.name());
        assertThat(exports).isEmptyDirectory();
    }

    private interface Trick {
        void in(Path folder) throws IOException, InterruptedException;
    }

    /** A host that says that its image has so many bytes, and then does what it likes. */
    private static BuiltFile host(int bytes, Trick trick, Path exports) {
        var connection = new LocalConnection() {
            @Override
            public String read(Command command, Duration limit) {
                return bytes + "\n";
            }

            @Override
            public void upload(InputStream content, String path, int mode) {}

            @Override
            public int follow(String id, Command command, StageLog log, Duration limit) {
                try {
                    trick.in(exports.resolve(HOST.name()));
                    return 0;
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        return new BuiltFile(HOST, connection, "/image.qcow2", 10_000, Duration.ofMinutes(1));
    }

    private byte[] taken(int bytes, Trick trick) throws Exception {
        var copy = new ByteArrayOutputStream();
        handover.take(host(bytes, trick, exports), copy, _ -> {});
        return copy.toByteArray();
    }

    private void assertRefused(int bytes, Trick trick) {
        var copy = new ByteArrayOutputStream();
        var failure = catchThrowableOfType(
                StageFailure.class, () -> handover.take(host(bytes, trick, exports), copy, _ -> {}));
        assertThat(failure.blame()).isEqualTo(Blame.HOST);
        assertThat(copy.size()).isZero();
    }

    private static void run(String... argv) throws IOException, InterruptedException {
        new ProcessBuilder(argv).start().waitFor();
    }

    @Test
    void a_regular_file_is_taken_when_nobody_is_let_in_any_more() throws Exception {
        assertThat(taken(3, folder -> Files.writeString(folder.resolve("image"), "abc")))
                .isEqualTo("abc".getBytes());
        assertThat(Files.readAllLines(calls).getFirst()).startsWith("in 192.0.2.5:" + exports.resolve(HOST.name()));
        assertThat(Files.readAllLines(calls).getLast()).startsWith("out 192.0.2.5:");
        assertThat(handover.list()).containsExactly(HOST.name());
    }

    @Test
    void links_pipes_folders_and_files_of_another_size_are_not_read() throws Exception {
        var secret = Files.writeString(scratch.resolve("secret"), "abc");
        assertRefused(3, folder -> {
            Files.deleteIfExists(folder.resolve("image"));
            Files.createSymbolicLink(folder.resolve("image"), secret);
        });
        assertRefused(3, folder -> run("sh", "-c", "cd " + folder + "; rm -f image; mkfifo image"));
        assertRefused(4096, folder -> run("sh", "-c", "cd " + folder + "; rm -f image; mkdir -p image"));
        assertRefused(3, folder -> run("sh", "-c", "cd " + folder + "; rm -rf image; truncate -s 4T image"));
        assertRefused(3, folder -> run("rm", "-f", folder.resolve("image").toString()));
        assertThat(secret).hasContent("abc");
    }

    @Test
    void what_no_longer_can_be_shut_out_is_not_read() throws Exception {
        var stuck = handover(List.of("sh", "-c", "echo nobody answers; exit 7"));
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> stuck.take(
                        host(3, folder -> Files.writeString(folder.resolve("image"), "abc"), exports),
                        new ByteArrayOutputStream(),
                        _ -> {}));
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContainingAll("handover.nfs.unexport", "exited with 7", "nobody answers");
    }

    @Test
    void folders_deeper_than_a_path_can_be_are_removed() throws Exception {
        taken(3, folder -> {
            Files.writeString(folder.resolve("image"), "abc");
            var deep = new ArrayList<>(List.of(
                    "sh",
                    "-c",
                    "cd -P " + folder + "; n=0; while [ $n -lt 30 ]; do" + " mkdir " + "d".repeat(250) + "; cd -P "
                            + "d".repeat(250) + "; n=$((n + 1)); done"));
            new ProcessBuilder(deep).start().waitFor();
        });
    }

    @Test
    void an_export_that_can_not_be_made_is_told_by_its_setting() {
        var unusable = new NfsHandover(new NfsPolicy(
                        exports,
                        "192.0.2.9",
                        2049,
                        List.of("sh", "-c", "echo no such server; exit 1"),
                        List.of("true")))
                .availability();
        assertThat(unusable.available()).isFalse();
        assertThat(unusable.detail()).contains("handover.nfs.export", "no such server");
        assertThat(unusable.mend()).contains("docs/operate/hand-over.md");
        assertThat(handover.availability().available()).isTrue();
        assertThat(new NfsHandover(new NfsPolicy(scratch.resolve("none"), "a", 1, List.of("true"), List.of("true")))
                        .availability()
                        .detail())
                .contains("handover.nfs.folder");
    }
}
