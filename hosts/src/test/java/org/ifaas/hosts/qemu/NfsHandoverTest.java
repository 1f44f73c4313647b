package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.HandoverContract;
import org.ifaas.factory.handover.Way;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.HostProviderContract;
import org.ifaas.hosts.nfs.NfsHandover;
import org.ifaas.hosts.ssh.SshRemote;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a real guest writes to a real nfs-ganesha. */
@Tag("slow")
class NfsHandoverTest extends HandoverContract {
    private static final String NAME = "ifaas-abc123-k3f9x2ma-h1";
    private static final QemuPolicy POLICY = QemuPolicy.defaults();

    @TempDir
    static Path folder;

    private static Path exports;
    private static SshRemote remote;
    private static QemuHosts hosts;
    private static BuildHost host;
    private static Connection connection;
    private static Ganesha ganesha;
    private static ConnectionOfClients link;

    @BeforeAll
    static void boot() throws Exception {
        exports = Files.createDirectory(folder.resolve("exports"));
        remote = new SshRemote();
        hosts = new QemuHosts(
                folder.resolve("hosts"),
                new BootRoots(Path.of("target/boot-roots"), POLICY, InstantSource.system()),
                new KvmProbe(
                        Path.of("target/kvm"),
                        new ProbeKernel(Path.of("target/kernel"), List.of(Path.of("/boot"))),
                        POLICY),
                POLICY,
                InstantSource.system());
        var userKey = remote.key(folder.resolve("keys"), "user", "a build");
        host = hosts.spawn(
                new HostRequest(
                        NAME,
                        "debian-12",
                        new HostSize(2, 1024, 10),
                        List.of("nfs-common"),
                        HostProviderContract.sources(),
                        userKey,
                        remote.key(folder.resolve("keys"), "host", NAME)),
                _ -> {});
        ganesha = new Ganesha(folder, exports, folder.resolve("hosts").resolve(NAME));
        connection = remote.connect(host, userKey, Duration.ofMinutes(15));
        link = new ConnectionOfClients();
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        if (connection != null) {
            connection.close();
        }
        if (ganesha != null) {
            ganesha.close();
        }
        hosts.destroy(NAME);
        remote.close();
    }

    @Override
    protected Handover handover() {
        return new NfsHandover(Ganesha.policy(folder, exports));
    }

    @Override
    protected BuildHost host() {
        return host;
    }

    @Override
    protected Connection connection() {
        return connection;
    }

    @Override
    protected Way link() {
        return link;
    }

    /** What has passed is what has arrived. */
    private static final class ConnectionOfClients implements Way {
        private volatile boolean cut;

        @Override
        public void cutAfter(long bytes) {
            cut = false;
            var part = exports.resolve(NAME).resolve("image.part");
            Thread.ofVirtual().start(() -> {
                try {
                    while (!Files.exists(part) || Files.size(part) < Math.min(bytes, 1 << 20)) {
                        Thread.sleep(2);
                    }
                    ganesha.cut();
                    cut = true;
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        @Override
        public boolean wasCut() {
            return cut;
        }

        @Override
        public long carried() {
            return 0;
        }
    }

    @Test
    void a_host_that_keeps_its_export_mounted_and_open_reaches_it_no_more() throws Exception {
        var path = file("kept");
        var folder = exports.resolve(NAME);
        onHost("""
                mkdir -p /var/tmp/mine
                cat >/var/tmp/stay <<'S'
                until mount -t nfs -o vers=4,port=2049 10.0.3.2:%1$s /var/tmp/mine; do sleep 0.2; done
                exec 3>/var/tmp/mine/open
                echo in >&3
                : >/var/tmp/in
                until [ -e /var/tmp/go ]; do sleep 0.2; done
                echo late >&3 && sync /var/tmp/mine/open && echo open >>/var/tmp/could
                echo late >>/var/tmp/mine/image && echo append >>/var/tmp/could
                ln -sf /etc/passwd /var/tmp/mine/image && echo link >>/var/tmp/could
                umount -l /var/tmp/mine
                : >/var/tmp/over
                S
                rm -f /var/tmp/in /var/tmp/go /var/tmp/could /var/tmp/over
                setsid sh /var/tmp/stay >/var/tmp/stay.log 2>&1 </dev/null &
                """.formatted(folder));
        var before = sha256OnHost(path);
        var copy = new ByteArrayOutputStream();
        handover().take(new BuiltFile(host, onceItIsIn(), path, SIZE, Duration.ofMinutes(3)), copy, log::add);
        assertThat(sha256(copy.toByteArray())).isEqualTo(before);
        onHost(": >/var/tmp/go; n=0; until [ -e /var/tmp/over ] || [ $n -ge 300 ]; do n=$((n + 1)); sleep 0.2; done");
        assertThat(onHost("ls /var/tmp; cat /var/tmp/stay.log")).contains("over");
        assertThat(onHost("cat /var/tmp/could 2>/dev/null || :")).isEmpty();
        assertThat(sha256(Files.readAllBytes(folder.resolve("image")))).isEqualTo(before);
    }

    /** The connection, but that the copying waits for the one who is to stay. */
    private Connection onceItIsIn() {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("follow")) {
                        onHost("n=0; until [ -e /var/tmp/in ]; do n=$((n + 1)); [ $n -lt 300 ]; sleep 0.2; done");
                    }
                    return method.invoke(connection, arguments);
                });
    }

    @Test
    void another_address_is_not_let_in() throws Exception {
        var another = new BuildHost(
                host.kind(),
                NAME,
                "192.0.2.77",
                host.port(),
                host.user(),
                host.hostKey(),
                host.detail(),
                host.spawned());
        var path = file("others");
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> handover()
                        .take(
                                new BuiltFile(another, connection, path, SIZE, Duration.ofMinutes(2)),
                                OutputStream.nullOutputStream(),
                                log::add));
        assertThat(failure).hasMessageContaining("can't copy the image to the export");
    }
}
