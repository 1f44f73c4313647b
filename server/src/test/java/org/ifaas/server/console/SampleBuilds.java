package org.ifaas.server.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.source.Repository;
import org.ifaas.store.Store;
import org.ifaas.store.log.PostgresLogs;

/** Builds as the journal would have them, at times and of lengths that a test chooses. */
final class SampleBuilds {
    static final String HOSTILE = "<img src=x onerror=alert('log')>";
    static final String COLOURED = "\u001b[1;33m<b>Unpacking\u001b[0m base-files";

    private final Store store;
    private final PostgresLogs logs;
    private final ArtifactStore artifacts;
    private final Registries registries;
    private final Path folder;

    SampleBuilds(Store store, PostgresLogs logs, ArtifactStore artifacts, Registries registries, Path folder) {
        this.store = store;
        this.logs = logs;
        this.artifacts = artifacts;
        this.registries = registries;
        this.folder = folder;
    }

    /** Start and length of each stage in seconds, as a build of Debian in a container host has them. */
    private static final Map<StageName, int[]> TIMES = Map.ofEntries(
            Map.entry(StageName.INITIALIZE, new int[] {0, 2}),
            Map.entry(StageName.SPAWN_BUILD_HOST, new int[] {2, 2}),
            Map.entry(StageName.CONNECT_BUILD_HOST, new int[] {4, 1}),
            Map.entry(StageName.CHECK_OUT_SOURCES, new int[] {5, 1}),
            Map.entry(StageName.CONFIGURE_BUILD_HOST, new int[] {6, 9}),
            Map.entry(StageName.PREPARE_RUN, new int[] {15, 1}),
            Map.entry(StageName.BUILD_IMAGE, new int[] {16, 150}),
            Map.entry(StageName.REGISTER_PRIVATE_IMAGE, new int[] {166, 2}),
            Map.entry(StageName.TEST_IMAGE, new int[] {168, 200}),
            Map.entry(StageName.SIGN_IMAGE, new int[] {368, 4}),
            Map.entry(StageName.HASH_IMAGE, new int[] {166, 9}),
            Map.entry(StageName.COPY_TO_REGIONS, new int[] {368, 3}),
            Map.entry(StageName.REQUEST_PUBLICATION, new int[] {372, 1}),
            Map.entry(StageName.CLEAN_UP, new int[] {373, 1}),
            Map.entry(StageName.DESTROY_BUILD_HOST, new int[] {374, 2}));

    private BuildId request(String image, String requester, Instant requested) {
        var id = BuildId.random();
        store.journal().create(id, Parameters.of(image), requester, requested);
        return id;
    }

    BuildId queued(String image, Instant requested) {
        return request(image, "anna", requested);
    }

    /** One that has begun, and waits for room for its host. */
    BuildId waiting(String image, Instant requested, String reason) throws Exception {
        var id = request(image, "anna", requested);
        var lease = store.journal().take(id, requested.plusSeconds(3));
        done(lease, image, StageName.INITIALIZE, requested.plusSeconds(3), 1);
        store.journal().queued(lease, reason);
        return id;
    }

    /** @param pace 1 for the usual times */
    BuildId succeeded(String image, Instant requested, double pace, String... packages) throws Exception {
        var id = request(image, "anna", requested);
        var lease = store.journal().take(id, requested.plusSeconds(3));
        var from = requested.plusSeconds(3);
        for (var stage : StageName.values()) {
            done(lease, image, stage, from, pace, packages);
        }
        store.journal().end(lease, BuildState.SUCCEEDED, null, from.plusMillis((long) (376_000 * pace)));
        return id;
    }

    BuildId failed(String image, Instant requested, StageName in, Blame blame, String message) throws Exception {
        var id = request(image, "ben", requested);
        var from = requested.plusSeconds(1);
        var lease = store.journal().take(id, from);
        for (var stage : StageName.values()) {
            if (stage.compareTo(in) < 0 && stage != StageName.HASH_IMAGE) {
                done(lease, image, stage, from, 1, "base-files");
            } else if (stage == in) {
                store.journal().start(lease, stage, at(stage, from, 1));
                log(id, stage, "about to fail", HOSTILE);
                store.journal()
                        .ended(
                                lease,
                                stage,
                                StageState.FAILED,
                                blame,
                                message,
                                "Mend it and build again.",
                                end(stage, from, 1));
            } else if (!stage.always()) {
                store.journal().ended(lease, stage, StageState.SKIPPED, null, null, null, end(in, from, 1));
            }
        }
        done(lease, image, StageName.CLEAN_UP, end(in, from, 1).minusSeconds(373), 1);
        done(lease, image, StageName.DESTROY_BUILD_HOST, end(in, from, 1).minusSeconds(373), 1);
        store.journal()
                .end(
                        lease,
                        BuildState.FAILED,
                        in.title() + ": " + message,
                        end(in, from, 1).plusSeconds(4));
        return id;
    }

    /** One that tests its image, hashes it beside that, and writes its log on. */
    Running running(String image, Instant requested, Instant now) throws Exception {
        var id = request(image, "anna", requested);
        var from = now.minusSeconds(230);
        var lease = store.journal().take(id, from);
        for (var stage : StageName.values()) {
            if (stage.compareTo(StageName.TEST_IMAGE) < 0 || stage == StageName.HASH_IMAGE) {
                done(lease, image, stage, from, 1, "base-files");
            }
        }
        store.journal().start(lease, StageName.TEST_IMAGE, at(StageName.TEST_IMAGE, from, 1));
        var log = logs.open(id, 1, StageName.TEST_IMAGE);
        log.line("booting the instance");
        return new Running(id, lease, log);
    }

    record Running(BuildId id, Lease lease, Logs.Writer log) {}

    void end(Running running, Instant now) {
        running.log().close();
        store.journal()
                .ended(
                        running.lease(),
                        StageName.TEST_IMAGE,
                        StageState.CANCELLED,
                        null,
                        "ended because the build ends",
                        null,
                        now);
        store.journal().end(running.lease(), BuildState.CANCELLED, "cancelled", now);
    }

    private static Instant at(StageName stage, Instant from, double pace) {
        return from.plusMillis((long) (TIMES.getOrDefault(stage, new int[2])[0] * 1000 * pace));
    }

    private static Instant end(StageName stage, Instant from, double pace) {
        var times = TIMES.getOrDefault(stage, new int[2]);
        return from.plusMillis((long) ((times[0] + times[1]) * 1000 * pace));
    }

    private void done(Lease lease, String image, StageName stage, Instant from, double pace, String... packages)
            throws Exception {
        store.journal().start(lease, stage, at(stage, from, pace));
        if (stage == StageName.BUILD_IMAGE || stage == StageName.TEST_IMAGE) {
            log(lease.build(), stage, "a first line", "Setting up base-files (12.4+deb12u11) ...", HOSTILE, COLOURED);
        }
        var fact = fact(lease, image, stage, from, packages);
        var message = stage == StageName.SPAWN_BUILD_HOST ? "container host" : null;
        store.journal().done(lease, stage, fact, message, end(stage, from, pace));
    }

    private void log(BuildId id, StageName stage, String... lines) {
        try (var log = logs.open(id, 1, stage)) {
            for (var line : lines) {
                log.line("%s", line);
            }
            for (int i = 1; i <= 40; i++) {
                log.line("%s", "Get:" + i + " bookworm/main amd64 package-" + i + " [" + (i * 37 % 900) + " kB]");
            }
        }
    }

    private Fact fact(Lease lease, String image, StageName stage, Instant from, String... packages) throws Exception {
        var id = lease.build();
        var serial = "20261122-" + id;
        var release = "releases/" + image + "/" + serial;
        return switch (stage) {
            case INITIALIZE -> inputs(image, serial, release);
            case SPAWN_BUILD_HOST ->
                new HostSpawned(
                        new BuildHost(
                                HostKind.CONTAINER,
                                "ifaas-abc123-" + id + "-h1",
                                "127.0.0.1",
                                2222,
                                "root",
                                null,
                                "systemd-nspawn",
                                from),
                        new SshKey(folder.resolve("key"), "ssh-ed25519 AAAA"));
            case CONNECT_BUILD_HOST -> new HostConnected("debian-12", "6.1", 2, 4096, 20480);
            case CHECK_OUT_SOURCES -> new SourcesCheckedOut("c".repeat(40), "/var/tmp/ifaas/sources");
            case CONFIGURE_BUILD_HOST -> new HostConfigured(Map.of("diskimage-builder", "3.24"));
            case PREPARE_RUN ->
                new RunPrepared(
                        "/var/tmp/ifaas",
                        new BuildPlan(
                                Map.of(), Command.of("build"), "/var/tmp/ifaas/image", "/var/tmp/ifaas/packages"));
            case BUILD_IMAGE -> built(image, serial, release, packages);
            case REGISTER_PRIVATE_IMAGE ->
                new ImageRegistered(
                        registered("region-a", serial), image + " " + serial, "sha512", "e".repeat(128), null);
            case TEST_IMAGE -> tested(image, release, from);
            case SIGN_IMAGE ->
                new ReleaseSealed(release, "f".repeat(64), "282CCFABAC4A1B5F4A5ABB7FF77DB48D2B9EBD53", from, List.of());
            case HASH_IMAGE -> new ImageHashed(null, 14304);
            case COPY_TO_REGIONS -> new ImageCopied(List.of(registered("region-b", serial)), List.of());
            case REQUEST_PUBLICATION -> published(lease, image, serial, from);
            case CLEAN_UP -> new CleanedUp(List.of());
            case DESTROY_BUILD_HOST -> new HostDestroyed(null);
        };
    }

    private static Inputs inputs(String image, String serial, String release) {
        return new Inputs(
                new Repository.Resolved(
                        image, "shipped", "images/" + image, "c".repeat(40), "author@example.org", true),
                SampleImages.of(image),
                serial,
                image + "_" + serial,
                release,
                List.of("region-a", "region-b"),
                List.of(),
                "d".repeat(64),
                Map.of("commit", "c".repeat(40)),
                HostKind.CONTAINER,
                "hardware acceleration does not work here and the definition is trusted",
                Instant.parse("2026-11-21T00:00:00Z"),
                "A".repeat(40),
                null);
    }

    private ImageBuilt built(String image, String serial, String release, String... packages) throws IOException {
        var list = new StringBuilder();
        for (var one : packages) {
            var parts = one.split("=");
            list.append(parts[0])
                    .append('\t')
                    .append(parts.length > 1 ? parts[1] : "1.0")
                    .append("\tamd64\t\n");
        }
        artifacts.write(release + "/files/packages.tsv", list.toString());
        artifacts.write(release + "/files/" + image + ".qcow2", serial);
        return new ImageBuilt(
                release + "/files/" + image + ".qcow2",
                new Measured(204_000_000 + packages.length * 1_000_000L, digests(serial)),
                2L << 30,
                release + "/files/packages.tsv",
                300 + packages.length,
                null,
                null,
                List.of());
    }

    private ImageTested tested(String image, String release, Instant from) throws IOException {
        artifacts.write(release + "/files/tests.xml", """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites><testsuite name="baseline"><testcase classname="boot" name="it boots within its budget"/>
                <testcase classname="network" name="names are resolved"><skipped message="no resolver &lt;b&gt;here&lt;/b&gt;"/></testcase>
                </testsuite></testsuites>
                """);
        return new ImageTested(
                false,
                56,
                1,
                "TCG",
                31 + from.getEpochSecond() % 7,
                Map.of("iperf3_to_factory_mbit_per_s", 900.0 + from.getEpochSecond() % 50),
                List.of(release + "/files/tests.xml"),
                List.of(
                        new ImageTested.Flavor("m1.small", 28, 0, 1, "TCG", 31, Map.of()),
                        new ImageTested.Flavor("m1.large", 28, 0, 0, "TCG", 22, Map.of())));
    }

    private PublicationRequested published(Lease lease, String image, String serial, Instant from) throws Exception {
        store.requests()
                .create(
                        lease,
                        PublicationRequest.pending(
                                lease.build(),
                                image,
                                serial,
                                "Standard_" + image,
                                digests(serial).sha256(),
                                List.of(registered("region-a", serial), registered("region-b", serial)),
                                "anna",
                                from));
        return new PublicationRequested(true, "the definition wants it");
    }

    private ImageRef registered(String region, String serial) throws Exception {
        var file = folder.resolve(serial);
        Files.writeString(file, serial);
        return registries
                .of(region)
                .register(
                        new NewImage(serial, file, new Measured(serial.length(), digests(serial)), Map.of()),
                        text -> {})
                .ref();
    }

    private static Digests digests(String text) {
        return new Digests(digest("MD5", text), digest("SHA-256", text), digest("SHA-512", text));
    }

    private static String digest(String algorithm, String text) {
        try {
            var bytes = MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
