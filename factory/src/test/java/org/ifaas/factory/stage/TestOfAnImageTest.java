package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.NoConverter;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.signing.Measurer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages of a test before and after the suite: where the image comes from, and that nothing of it stays. */
class TestOfAnImageTest {
    private static final byte[] IMAGE = "QFI and so on".getBytes(StandardCharsets.UTF_8);
    private static final String FOLDER = "tests/tiny/" + Tiny.SERIAL;

    private static final Converter NEVER = new NoConverter();

    @TempDir
    Path folder;

    private final InMemoryRegistry west = new InMemoryRegistry("west", () -> Standing.NOW);
    private final InMemoryRegistry ceph = new InMemoryRegistry("ceph", DiskFormat.RAW, () -> Standing.NOW);
    private final Registries registries = new Registries(List.of(west, ceph));
    private final InMemoryRequests requests = new InMemoryRequests(new InMemoryJournal());
    private ArtifactStore store;
    private ImagesToTest files;

    @BeforeEach
    void anImageInTheFolder() throws IOException {
        store = new PlainArtifactStore(folder.resolve("store"));
        files = new ImagesToTest(Files.createDirectory(folder.resolve("to-test")));
        Files.createDirectory(folder.resolve("build"));
        Files.write(files.folder().resolve("tiny.qcow2"), IMAGE);
    }

    @Test
    void aFileIsCopiedAndMeasuredByTheFactory() throws Exception {
        var built = take(Parameters.test("tiny", null, "tiny.qcow2"));
        assertThat(built.measured()).isEqualTo(PlainMeasurer.of(IMAGE));
        assertThat(built.virtualBytes()).isEqualTo(4096);
        assertThat(store.path(built.key())).hasBinaryContent(IMAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.qcow2", "link.qcow2", "/etc/passwd", "nobody.qcow2", ".", "a\u0000b"})
    void noOtherFileOfTheMachineIsRead(String name) throws Exception {
        Files.write(folder.resolve("secret.qcow2"), IMAGE);
        Files.createSymbolicLink(files.folder().resolve("link.qcow2"), folder.resolve("secret.qcow2"));
        var failure = catchThrowableOfType(StageFailure.class, () -> take(Parameters.test("tiny", null, name)));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure).hasMessageContaining("file: ");
        assertThat(failure.mend()).contains("tests.folder");
        assertThat(store.list("tests")).isEmpty();
    }

    @Test
    void whatIsRefusedByItsHeaderDoesNotStay() throws Exception {
        Files.writeString(files.folder().resolve("bad.qcow2"), "with a backing file");
        var failure = catchThrowableOfType(StageFailure.class, () -> take(Parameters.test("tiny", null, "bad.qcow2")));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(store.list("tests")).isEmpty();
    }

    @Test
    void oneThatIsLargerThanTheDefinitionAllowsIsNotCopied() throws Exception {
        try (var file =
                new RandomAccessFile(files.folder().resolve("large.qcow2").toFile(), "rw")) {
            file.setLength(137L << 20);
        }
        var failure = catchThrowableOfType(
                StageFailure.class, () -> take(Parameters.test("tiny", null, "large.qcow2"), new Nothing()));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure.mend()).contains("disk_mib");
        assertThat(store.list("tests")).isEmpty();
    }

    @Test
    void anImageOfARegionIsTheOneThatIsThere() throws Exception {
        var there = registered();
        var parameters = Parameters.test("tiny", "west/" + there, null);
        var built = take(parameters);
        assertThat(built.measured()).isEqualTo(PlainMeasurer.of(IMAGE));
        var found = find(parameters, built);
        assertThat(found.image().id()).isEqualTo(there);
        assertThat(west.list()).hasSize(1);
    }

    @Test
    void aRawImageOfARegionIsItsDiskAndHasNoHeaderToLookAt() throws Exception {
        var disk = "a disk".getBytes(StandardCharsets.UTF_8);
        var file = Files.write(folder.resolve("disk.raw"), disk);
        var there = ceph.register(new NewImage("theirs", file, PlainMeasurer.of(disk), Map.of()), line -> {})
                .ref()
                .id();
        var parameters = Parameters.test("tiny", "ceph/" + there, null);
        var built = take(parameters);
        assertThat(built.measured()).isEqualTo(PlainMeasurer.of(disk));
        assertThat(built.virtualBytes()).isEqualTo(disk.length);
        assertThat(find(parameters, built).image().id()).isEqualTo(there);
    }

    @Test
    void anImageThatIsNotThereIsToldWithItsRegion() {
        var failure = catchThrowableOfType(
                StageFailure.class, () -> take(Parameters.test("tiny", "west/" + "0".repeat(36), null)));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessageContaining("west").hasMessageContaining("0".repeat(36));
    }

    @Test
    void afterwardsNeitherACopyNorAnImageStaysButTheOneThatWasThere() throws Exception {
        var there = registered();
        var parameters = Parameters.test("tiny", null, "tiny.qcow2");
        var built = take(parameters);
        var ours = find(parameters, built);
        assertThat(west.find(ours.image().id())).isPresent();

        store.write(FOLDER + "/files/test-results/results.xml", "<testsuites/>");
        cleanUp(parameters, built);

        assertThat(west.list())
                .singleElement()
                .satisfies(image -> assertThat(image.ref().id()).isEqualTo(there));
        assertThat(store.list("tests")).containsExactly(FOLDER + "/files/test-results/results.xml");
        assertThat(folder.resolve("build")).doesNotExist();
    }

    private String registered() throws StageFailure {
        var image = new NewImage("theirs", files.folder().resolve("tiny.qcow2"), PlainMeasurer.of(IMAGE), Map.of());
        return west.register(image, line -> {}).ref().id();
    }

    private ImageBuilt take(Parameters parameters) throws StageFailure, InterruptedException {
        return take(parameters, new PlainMeasurer());
    }

    private ImageBuilt take(Parameters parameters, Measurer measurer) throws StageFailure, InterruptedException {
        return new TakeImage(files, registries, store, measurer, TestOfAnImageTest::check)
                .run(context(parameters, inputs()));
    }

    private ImageRegistered find(Parameters parameters, ImageBuilt built) throws StageFailure, InterruptedException {
        return new FindImage(
                        new RegisterPrivateImage(registries, store, NEVER, new PlainMeasurer(), requests), registries)
                .run(context(parameters, inputs(), built));
    }

    private void cleanUp(Parameters parameters, ImageBuilt built) throws StageFailure, InterruptedException {
        new CleanUp(new Instances(List.of()), Handovers.overSsh(), registries, store, requests, new Names("abc123"))
                .run(context(parameters, inputs(), built));
    }

    private StageContext context(Parameters parameters, Fact... facts) {
        return new Standing(Tiny.build(parameters), new Facts(List.of(facts)), folder.resolve("build"));
    }

    private static long check(Path file, long most) throws StageFailure {
        try {
            if (Files.readString(file).startsWith("QFI")) {
                return 4096;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new StageFailure(Blame.IMAGE, "it has a backing file", "Flatten it.");
    }

    private static Inputs inputs() {
        return Tiny.inputs(new OneImage("tiny").definition(), FOLDER, "west");
    }

    /** Measures nothing and keeps nothing. */
    private record Nothing() implements Measurer {
        @Override
        public Measured measure(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Measuring into(OutputStream to) {
            return new Measuring() {
                @Override
                public void write(int one) {}

                @Override
                public void write(byte[] bytes, int from, int length) {}

                @Override
                public Measured measured() {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }
}
