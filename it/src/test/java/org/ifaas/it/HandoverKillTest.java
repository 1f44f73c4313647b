package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ThreadReference;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ifaas.api.CheckView;
import org.ifaas.api.HostView;
import org.ifaas.hosts.qemu.Ganesha;
import org.ifaas.it.Debugger.Place;
import org.ifaas.storage.bucket.S3Server;
import org.ifaas.storage.bucket.TlsKeys;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The factory is killed while what was built comes from its host, again and again and each time further on, and the image comes
 * whole. How it comes over SSH is among what {@link KillTest} kills.
 */
@Tag("slow")
@Order(9)
class HandoverKillTest {
    private static final String DETACHED = "org.ifaas.hosts.ssh.Detached";
    private static final Place STAGE = new Place("org.ifaas.factory.pipeline.RunningStage", "work");

    /**
     * @param place where the factory is held
     * @param within what it is about there
     * @param visit it is held at this one, counted since it was started
     */
    private record Moment(Place place, Place within, int visit) {}

    /** Those at which the factory is yet to be killed, in their order. */
    private static final class Moments implements Debugger.Holding {
        private final String handover;
        private final Deque<Moment> left = new ArrayDeque<>();
        private int visits;
        private volatile boolean held;

        Moments(String handover) {
            this.handover = handover;
        }

        Moments then(String method, String type, String entered, int visit) {
            left.add(new Moment(new Place(type, entered), new Place(handover, method), visit));
            return this;
        }

        Set<Place> places() {
            return left.stream().map(Moment::place).collect(Collectors.toSet());
        }

        @Override
        public boolean holds(Place place, ThreadReference thread) throws IncompatibleThreadStateException {
            var next = left.peek();
            if (held
                    || next == null
                    || !next.place().equals(place)
                    || Debugger.within(thread, next.within()) == null
                    || Debugger.within(thread, STAGE) == null) {
                return false;
            }
            held = ++visits == next.visit();
            return held;
        }

        void await(String id, RunningFactory factory) throws IOException, InterruptedException {
            var seen = factory.awaitBuild(id, build -> held);
            assertThat(held).as("%s before %s", seen.reason(), left).isTrue();
        }

        void next() {
            left.remove();
            visits = 0;
            held = false;
        }
    }

    private static Definitions large(TestHome home) throws IOException, InterruptedException {
        var definitions = Definitions.in(home.path().resolve("definitions")).script("large", 24, """
                #!/bin/sh
                set -eu
                echo begun
                head -c 25165824 /dev/urandom >"$IFAAS_WORK/raw"
                qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                : >"$IFAAS_PACKAGES"
                """);
        definitions.commit();
        return definitions;
    }

    private static String build(String host, RunningFactory factory) throws IOException, InterruptedException {
        return factory.build("{\"image\":\"large\",\"host\":\"%s\",\"runTests\":false}".formatted(host))
                .id();
    }

    /** @param onTheWay what lies between the host and the factory */
    private static void killAtEach(
            Moments moments,
            Debugger debugger,
            RunningFactory factory,
            String id,
            Supplier<? extends Iterable<String>> onTheWay)
            throws Exception {
        while (!moments.left.isEmpty()) {
            moments.await(id, factory);
            assertThat(onTheWay.get())
                    .as("what is on the way at %s", moments.left.peek())
                    .anyMatch(name -> name.contains(id));
            factory.kill();
            debugger.hearOut();
            moments.next();
            factory.startAgain();
        }
        var build = factory.awaitEnd(id);
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        assertThat(build.attempt()).isOne();
        assertThat(factory.log(id, "build-image").lines().filter("begun"::equals))
                .as("it was built once")
                .hasSize(1);
        assertThat(factory.post("/releases/large/latest/verify", "", CheckView[].class))
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
        assertThat(onTheWay.get()).isEmpty();
    }

    /** By which hosts reach this machine: its loopback they don't. */
    private static String address() throws SocketException {
        try (var socket = new DatagramSocket()) {
            // Sends nothing.
            socket.connect(new InetSocketAddress("192.0.2.1", 9));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    /** The store's certificate rests on an authority that neither the factory's system nor the host's knows. */
    @Test
    void aFactoryThatIsKilledWhileAnImageComesThroughABucketGoesOn() throws Exception {
        var handover = "org.ifaas.storage.bucket.BucketHandover";
        var bucket = "org.ifaas.storage.bucket.Bucket";
        var moments = new Moments(handover)
                // The host is uploading.
                .then("upload", DETACHED, "part", 1)
                // All parts have come.
                .then("upload", bucket, "complete", 1)
                // Some of the object is copied.
                .then("copy", handover + "$Copying", "some", 3)
                // All of it is, and the object is to go.
                .then("remove", bucket, "delete", 1);
        var home = TestHome.make("kill-hand-over-by-bucket");
        var tls = TlsKeys.in(Files.createDirectory(home.path().resolve("tls")), address());
        try (var server = new S3Server(address(), tls);
                var debugger = new Debugger(moments.places(), moments)) {
            var configuration = large(home).configuration("""
                    hosts: {handover: bucket}
                    handover:
                      bucket:
                        endpoint: https://%s:%d
                        name: %s
                        access_key: %s
                        secret_key_file: '%s'
                        ca_file: '%s'
                        part: 5MiB
                    """.formatted(
                            address(),
                            server.port(),
                            S3Server.BUCKET,
                            S3Server.ACCESS_KEY,
                            Files.writeString(home.path().resolve("secret"), S3Server.SECRET_KEY + "\n"),
                            tls.authority()));
            try (var factory = RunningFactory.watchedBy(debugger, home.path(), "--config", configuration.toString())) {
                killAtEach(moments, debugger, factory, build("container", factory), server::keys);
            }
        }
        home.assertNothingIsLeftAndRemove();
    }

    /** The host is a guest: it takes a kernel of its own to mount the export. */
    @Test
    void aFactoryThatIsKilledWhileAnImageComesThroughAnNfsExportGoesOn() throws Exception {
        var handover = "org.ifaas.hosts.nfs.NfsHandover";
        var export = "org.ifaas.hosts.nfs.Export";
        var moments = new Moments(handover)
                // The host is to be let in.
                .then("give", export, "open", 1)
                // It is copying.
                .then("give", DETACHED, "part", 1)
                // All has come, and the host is in still.
                .then("give", export, "close", 1)
                // Some of it is copied.
                .then("copy", handover, "some", 3)
                // All of it is, and the folder is to go.
                .then("remove", export, "remove", 1);
        var home = TestHome.make("kill-hand-over-by-nfs");
        var exports = Files.createDirectory(home.path().resolve("exports"));
        var nfs = Ganesha.policy(home.path(), exports);
        try (var debugger = new Debugger(moments.places(), moments)) {
            var configuration = large(home).configuration("""
                    hosts: {handover: nfs}
                    handover:
                      nfs:
                        folder: '%s'
                        server: %s
                        port: %d
                        export: ['%s']
                        unexport: ['%s']
                    """.formatted(
                            nfs.folder(),
                            nfs.server(),
                            nfs.port(),
                            String.join("', '", nfs.export()),
                            String.join("', '", nfs.unexport())));
            try (var factory = RunningFactory.watchedBy(debugger, home.path(), "--config", configuration.toString())) {
                var id = build("qemu", factory);
                moments.await(id, factory);
                var machine = factory.get("/hosts", HostView[].class)[0].name();
                try (var _ = new Ganesha(
                        home.path(), exports, home.path().resolve("hosts/qemu").resolve(machine))) {
                    killAtEach(moments, debugger, factory, id, () -> names(exports));
                }
            }
        }
        home.assertNothingIsLeftAndRemove();
    }

    private static List<String> names(Path folder) {
        return List.of(folder.toFile().list());
    }
}
