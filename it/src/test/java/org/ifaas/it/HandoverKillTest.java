package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ThreadReference;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.api.CheckView;
import org.ifaas.it.Debugger.Place;
import org.ifaas.storage.bucket.S3Server;
import org.ifaas.storage.bucket.TlsKeys;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The factory is killed while what was built comes through a bucket, again and again and each time further on, and the image
 * comes whole. The store's certificate rests on an authority that neither the factory's system nor the host's knows.
 */
@Tag("slow")
class HandoverKillTest {
    private static final String HANDOVER = "org.ifaas.storage.bucket.BucketHandover";
    private static final Place STAGE = new Place("org.ifaas.factory.pipeline.RunningStage", "work");

    /**
     * @param place where the factory is held
     * @param within what it is about there
     * @param visit it is held at this one, counted since it was started
     */
    private record Moment(Place place, Place within, int visit) {}

    private static Moment in(String method, String type, String entered, int visit) {
        return new Moment(new Place(type, entered), new Place(HANDOVER, method), visit);
    }

    private final Deque<Moment> left = new ArrayDeque<>(List.of(
            // The host is uploading.
            in("upload", "org.ifaas.hosts.ssh.Detached", "part", 1),
            // All parts have come.
            in("upload", "org.ifaas.storage.bucket.Bucket", "complete", 1),
            // Some of the object is copied.
            in("copy", HANDOVER + "$Copying", "some", 3),
            // All of it is, and the object is to go.
            in("remove", "org.ifaas.storage.bucket.Bucket", "delete", 1)));

    private int visits;
    private volatile boolean held;

    private boolean holds(Place place, ThreadReference thread) throws IncompatibleThreadStateException {
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

    /** By which hosts reach this machine: its loopback they don't. */
    private static String address() throws SocketException {
        try (var socket = new DatagramSocket()) {
            // Sends nothing.
            socket.connect(new InetSocketAddress("192.0.2.1", 9));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    @Test
    void aFactoryThatIsKilledWhileAnImageComesThroughABucketGoesOn() throws Exception {
        var home = TestHome.make("kill-hand-over");
        var tls = TlsKeys.in(Files.createDirectory(home.path().resolve("tls")), address());
        var places = left.stream().map(Moment::place).collect(Collectors.toSet());
        var definitions = Definitions.in(home.path().resolve("definitions")).script("large", 24, """
                #!/bin/sh
                set -eu
                echo begun
                head -c 25165824 /dev/urandom >"$IFAAS_WORK/raw"
                qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                : >"$IFAAS_PACKAGES"
                """);
        definitions.commit();
        try (var server = new S3Server(address(), tls);
                var debugger = new Debugger(places, this::holds)) {
            var configuration = definitions.configuration("""
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
                var id = factory.build("{\"image\":\"large\",\"host\":\"container\",\"runTests\":false}")
                        .id();
                while (!left.isEmpty()) {
                    var seen = factory.awaitBuild(id, build -> held);
                    assertThat(held).as("%s before %s", seen.reason(), left).isTrue();
                    assertThat(server.keys())
                            .as("what is on the way at %s", left.peek())
                            .anyMatch(key -> key.contains(id));
                    factory.kill();
                    debugger.hearOut();
                    left.remove();
                    visits = 0;
                    held = false;
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
                        .allSatisfy(check ->
                                assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
            }
            assertThat(server.keys()).isEmpty();
        }
        home.assertNothingIsLeftAndRemove();
    }
}
