package org.ifaas.factory.stage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.handover.BuiltFile;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.BuildPlan;
import org.ifaas.factory.image.ImageFiles;
import org.ifaas.factory.image.ImageName;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;

/**
 * Stage 7: builds the image, and copies it beyond the host's reach. It is measured and hashed on its way by the factory, not
 * by the host, and its header is read before any qemu tool sees it.
 */
public final class BuildImage implements Stage<ImageBuilt> {
    private static final int MOST_PACKAGE_LIST_BYTES = 16 << 20;
    private static final long MIB = 1 << 20;

    private final Remote remote;
    private final Handovers handovers;
    private final ArtifactStore store;
    private final Measurer measurer;
    private final ImageFiles imageFiles;
    private final Mirrors mirrors;
    private final MirrorsAround around;

    public BuildImage(
            Remote remote,
            Handovers handovers,
            ArtifactStore store,
            Measurer measurer,
            ImageFiles imageFiles,
            Mirrors mirrors) {
        this.remote = remote;
        this.handovers = handovers;
        this.store = store;
        this.measurer = measurer;
        this.imageFiles = imageFiles;
        this.mirrors = mirrors;
        this.around = new MirrorsAround(mirrors);
    }

    @Override
    public StageName name() {
        return StageName.BUILD_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(RunPrepared.class);
    }

    /** The image outlives its host. */
    @Override
    public Set<Class<? extends Fact>> restsOn() {
        return Set.of(Inputs.class);
    }

    @Override
    public Class<ImageBuilt> makes() {
        return ImageBuilt.class;
    }

    @Override
    public ImageBuilt run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var plan = build.fact(RunPrepared.class).plan();
        var spawned = build.fact(HostSpawned.class);
        var files = inputs.releaseFolder() + "/files/";
        var key = files + ImageName.file(inputs.definition(), inputs.serial());
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            var before = around.before(inputs, build);
            build(plan, connection, build);
            var packages = packages(plan, connection);
            store.write(files + "packages.tsv", packages.text());
            var offer = mirrors.offer(inputs.sources(), inputs.definition().architecture(), packages.names());
            var offered = MirrorsAround.with(offer.mirrors(), before, build.log());
            store.write(files + "mirror-state.txt", mirrorState(offered));
            noteVersions(offer.versions(), build);
            var measured = collect(plan.image(), key, connection, build);
            long virtualBytes = new CheckedImage(store, imageFiles).virtualBytes(key, inputs);
            build.log()
                    .line(
                            "%s: %d bytes, a disk of %d MiB, sha256 %s, %d packages",
                            key,
                            measured.size(),
                            virtualBytes / MIB,
                            measured.digests().sha256(),
                            packages.names().size());
            return new ImageBuilt(
                    key,
                    measured,
                    virtualBytes,
                    files + "packages.tsv",
                    packages.names().size(),
                    build.build().started(),
                    build.now(),
                    offered);
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(key, e);
        }
    }

    private static void build(BuildPlan plan, Connection connection, StageContext build)
            throws StageFailure, InterruptedException {
        var id = "build-" + build.build().attempt();
        var trouble = new BuilderTrouble();
        try {
            int code = connection.follow(id, plan.command(), build.log(), build.limit());
            if (code == 0) {
                return;
            }
            // From its beginning: a factory that was killed meanwhile may have been the one that heard why.
            connection.follow(id, plan.command(), trouble::hear, build.limit());
            throw trouble.failure("the builder ended with exit code " + code);
        } catch (StageFailure failure) {
            throw OwnDisk.blamed(failure, trouble.noSpace(), build);
        }
    }

    private PackageList packages(BuildPlan plan, Connection connection)
            throws StageFailure, IOException, InterruptedException {
        var text = new ByteArrayOutputStream();
        connection.download(plan.packageList(), text, MOST_PACKAGE_LIST_BYTES);
        return PackageList.parse(text.toString(StandardCharsets.UTF_8));
    }

    /**
     * What came before a crash is measured again rather than copied again; but only of this attempt, for on another host
     * the same definition may have made other bytes.
     */
    private Measured collect(String image, String key, Connection connection, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var collected = build.folder().resolve("collected-" + build.build().attempt());
        if (store.exists(key) && Files.exists(collected)) {
            build.log().line("%s is in the store already", key);
            return measurer.measure(store.path(key));
        }
        var host = build.fact(HostSpawned.class).host();
        var handover = handovers.of(host.kind(), build.parameters().cloud());
        build.log().line("copying the image beyond the host's reach, by %s", handover.name());
        var creation = store.create(key);
        try (var measuring = measurer.into(creation)) {
            long most = CheckedImage.mostFileBytes(build.fact(Inputs.class));
            take(handover, new BuiltFile(host, connection, image, most, build.limit()), measuring, creation, build);
            measuring.close();
            Files.writeString(collected, key);
            clear(handover, host.name(), build);
            return measuring.measured();
        }
    }

    private static void clear(Handover handover, String host, StageContext build) throws InterruptedException {
        try {
            handover.remove(host);
        } catch (StageFailure e) {
            build.log()
                    .line(
                            "what came by %s can't be removed now, clean-up tries again: %s",
                            handover.name(), e.getMessage());
        }
    }

    /** What was cut off half-way must not appear in the store: a retry would take it for the image. */
    private static void take(
            Handover handover, BuiltFile file, OutputStream to, ArtifactStore.Creation creation, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        boolean whole = false;
        try {
            handover.take(file, to, build.log());
            whole = true;
        } finally {
            if (!whole) {
                creation.abandon();
            }
        }
    }

    /** For the test that no security update is pending, which must not depend on what the mirrors offer by then. */
    private void noteVersions(Map<String, String> offered, StageContext build) throws IOException {
        var text = offered.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "\t" + entry.getValue())
                .collect(Collectors.joining("\n", "", "\n"));
        store.write("builds/" + build.id() + "/packages-offered.tsv", text);
    }

    private static String mirrorState(List<MirrorState> mirrors) {
        return mirrors.stream()
                .map(BuildImage::line)
                .collect(Collectors.joining(
                        "\n", "# suite, Date of its Release file, sha256 of its InRelease file\n", "\n"));
    }

    private static String line(MirrorState mirror) {
        return mirror.source().suite() + "\t" + mirror.date() + "\t" + mirror.releaseDigest();
    }

    @Override
    public boolean holds(ImageBuilt fact, StageContext build) {
        return store.exists(fact.key()) && store.exists(fact.packageListKey());
    }
}
