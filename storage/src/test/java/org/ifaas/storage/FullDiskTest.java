package org.ifaas.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 1 MiB that is really full; only root can mount one. */
class FullDiskTest {
    private static final StorePolicy POLICY = new StorePolicy(Duration.ofDays(1), 0);

    @TempDir
    Path temporary;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()), "no tmpfs can be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void a_store_says_that_it_is_full_and_goes_on_when_there_is_space() throws Exception {
        var store = new DirectoryStore(disk, POLICY, InstantSource.system());
        assertThatThrownBy(() -> {
                    try (var out = store.create("a/b")) {
                        for (int i = 0; i < 32; i++) {
                            out.write(new byte[64 * 1024]);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the artifact store is full: a/b did not fit");
        assertThat(store.exists("a/b")).isFalse();
        try (var out = store.create("a/b")) {
            out.write(new byte[512 * 1024]);
        }
        assertThat(store.size("a/b")).isEqualTo(512 * 1024);
    }

    @Test
    void a_region_says_that_it_is_full_and_goes_on_when_there_is_space() throws Exception {
        // so that the space is only found missing while copying
        var optimistic = new StorePolicy(Duration.ofDays(1), -(1L << 40));
        var region =
                new DirectoryRegion("west", DiskFormat.QCOW2, disk.resolve("west"), optimistic, InstantSource.system());
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image(2 << 20), text -> {}));
        assertThat(failure).hasMessageContaining("region west is full");
        assertThat(region.list()).isEmpty();
        assertThat(region.register(image(512 * 1024), text -> {}).status()).isEqualTo("active");
    }

    private NewImage image(int size) throws Exception {
        var file = Files.write(temporary.resolve("image"), new byte[size]);
        var sha512 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(new byte[size]));
        return new NewImage("a", file, new Measured(size, new Digests("", "", sha512)), Map.of());
    }

    private static boolean run(String... argv) throws IOException, InterruptedException {
        return new ProcessBuilder(argv).redirectErrorStream(true).start().waitFor() == 0;
    }
}
