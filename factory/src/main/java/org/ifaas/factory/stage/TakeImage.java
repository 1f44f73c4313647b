package org.ifaas.factory.stage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageFiles;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Measurer;

/**
 * Stage 7 of a test: takes a copy of an image that exists already, measured on its way, and reads its header before any qemu
 * tool sees it. The copy goes with the test; the image itself is only read.
 */
public final class TakeImage implements Stage<ImageBuilt> {
    private final ImagesToTest files;
    private final Registries registries;
    private final ArtifactStore store;
    private final Measurer measurer;
    private final ImageFiles imageFiles;

    public TakeImage(
            ImagesToTest files, Registries registries, ArtifactStore store, Measurer measurer, ImageFiles imageFiles) {
        this.files = files;
        this.registries = registries;
        this.store = store;
        this.measurer = measurer;
        this.imageFiles = imageFiles;
    }

    @Override
    public StageName name() {
        return StageName.BUILD_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(Inputs.class);
    }

    @Override
    public Class<ImageBuilt> makes() {
        return ImageBuilt.class;
    }

    @Override
    public ImageBuilt run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var key = CheckedImage.underTest(inputs);
        // Nobody knows what the mirrors offered when this image was made.
        var offered = "builds/" + build.id() + "/packages-offered.tsv";
        try {
            build.log().line("taking a copy of %s", name(build.parameters()));
            var measured = copy(build.parameters(), key, CheckedImage.mostFileBytes(inputs));
            long virtualBytes = isRaw(build.parameters())
                    ? measured.size()
                    : new CheckedImage(store, imageFiles).virtualBytes(key, inputs);
            build.log()
                    .line(
                            "%d bytes, a disk of %d bytes, sha256 %s",
                            measured.size(), virtualBytes, measured.digests().sha256());
            store.write(offered, "");
            return new ImageBuilt(key, measured, virtualBytes, offered, 0, null, null, List.of());
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(key, e);
        }
    }

    /** Such a file is its disk, and has no header that could name another. */
    private boolean isRaw(Parameters parameters) throws StageFailure {
        if (parameters.imageId() == null) {
            return false;
        }
        var image = ImageRef.parse(parameters.imageId());
        return registries
                .of(image.region())
                .find(image.id())
                .filter(found -> found.diskFormat().equals(DiskFormat.RAW.word()))
                .isPresent();
    }

    private static String name(Parameters parameters) {
        return parameters.imageId() != null ? "image " + parameters.imageId() : "file " + parameters.file();
    }

    private Measured copy(Parameters parameters, String key, long most)
            throws StageFailure, IOException, InterruptedException {
        try (var creation = store.create(key);
                var measuring = measurer.into(creation)) {
            var bounded = new Bounded(measuring, most);
            boolean whole = false;
            try {
                read(parameters, bounded);
                whole = true;
            } catch (StageFailure | IOException e) {
                if (bounded.isFull()) {
                    throw tooLarge(most, e);
                }
                throw e;
            } finally {
                if (!whole) {
                    creation.abandon();
                }
            }
            measuring.close();
            creation.close();
            return measuring.measured();
        }
    }

    private void read(Parameters parameters, OutputStream to) throws StageFailure, IOException {
        if (parameters.imageId() == null) {
            try (var from = files.open(String.valueOf(parameters.file()))) {
                from.transferTo(to);
            }
        } else {
            var image = ImageRef.parse(parameters.imageId());
            var registry = registries.of(image.region());
            ActiveImage.of(registry, image);
            registry.read(image.id(), to);
        }
    }

    private static StageFailure tooLarge(long most, Exception cause) {
        return new StageFailure(
                Blame.IMAGE,
                "the image is larger than " + most + " bytes, the most that the definition allows",
                "Raise sizes.disk_mib in its image.yaml, or name another definition.",
                cause);
    }

    /** Takes so many bytes and no more. */
    private static final class Bounded extends OutputStream {
        private final OutputStream to;
        private long left;

        Bounded(OutputStream to, long most) {
            this.to = to;
            this.left = most;
        }

        boolean isFull() {
            return left < 0;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new IOException("too many bytes");
            }
            to.write(bytes, from, length);
        }
    }

    @Override
    public boolean holds(ImageBuilt fact, StageContext build) {
        return store.exists(fact.key());
    }
}
