package org.ifaas.factory.stage;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageProperties;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Measurer;
import org.jspecify.annotations.Nullable;

/**
 * The built image as a region takes it: the file itself, or one that is converted, once, for all regions that want the same
 * disk format. A converted file is a temporary one of the build, in the artifact store, from where some regions fetch it.
 */
record RegionFile(ArtifactStore store, Converter converter, Measurer measurer) {
    /** Where files lie in the store that go with their build. */
    static String temporary(BuildId build) {
        return "temporary/" + build;
    }

    NewImage of(DiskFormat format, StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var built = build.fact(ImageBuilt.class);
        var buildDate = build.build().requested().atZone(ZoneOffset.UTC).toLocalDate();
        var properties = ImageProperties.of(inputs, buildDate);
        var file = store.path(built.key());
        if (format == DiskFormat.QCOW2) {
            return new NewImage(inputs.imageName(), file, built.measured(), properties);
        }
        var converted =
                store.path(temporary(build.id()) + "/image." + format.word()).toAbsolutePath();
        try {
            var measured = converted(file, built.measured(), format, converted, build);
            return new NewImage(inputs.imageName(), converted, measured, properties);
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the image can't be converted to " + format.word() + ": " + e,
                    "Look at the artifact store's disk, then retry.",
                    e);
        }
    }

    /** What the journal does not know the measure of is converted again: a crash may have left anything. */
    private Measured converted(Path image, Measured built, DiskFormat format, Path to, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var known = known(format, build);
        if (known != null && Files.exists(to)) {
            return known;
        }
        checkAsBuilt(image, built);
        Files.createDirectories(requireNonNull(to.getParent()));
        var unfinished = to.resolveSibling(to.getFileName() + ".unfinished");
        Folders.delete(unfinished);
        converter.convert(image.toAbsolutePath(), format, unfinished, build.log());
        var measured = measurer.measure(unfinished);
        if (known != null && !known.equals(measured)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the image in %s has sha256 %s, and had %s before"
                            .formatted(
                                    format.word(),
                                    measured.digests().sha256(),
                                    known.digests().sha256()),
                    "Look for what has changed on this machine since, such as qemu-img; build the image again.");
        }
        Files.move(unfinished, to, StandardCopyOption.ATOMIC_MOVE);
        build.log()
                .line(
                        "the image in %s: %d bytes, sha256 %s",
                        format.word(), measured.size(), measured.digests().sha256());
        return measured;
    }

    private static @Nullable Measured known(DiskFormat format, StageContext build) {
        return build.find(ImageRegistered.class)
                .map(ImageRegistered::converted)
                .filter(converted -> converted.format() == format)
                .map(Converted::measured)
                .orElse(null);
    }

    /** Its header was looked at when it was measured: no qemu tool may meet another file. */
    private void checkAsBuilt(Path image, Measured built) throws StageFailure, IOException {
        if (!measurer.measure(image).equals(built)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    image + " is no longer what was measured when it was built",
                    "Find out who else can write to the artifact store; build the image again.");
        }
    }

    static @Nullable Converted converted(DiskFormat format, NewImage image) {
        return format == DiskFormat.QCOW2 ? null : new Converted(format, image.measured());
    }
}
