package org.ifaas.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose images are raw keeps what every region has to keep. */
class RawDirectoryRegionTest extends RegistryContract {
    @TempDir
    Path folder;

    private DirectoryRegion region;

    @BeforeEach
    void aRegion() {
        region = region(DiskFormat.RAW);
    }

    private DirectoryRegion region(DiskFormat format) {
        return new DirectoryRegion("west", format, folder, StorePolicy.defaults(), clock);
    }

    @Override
    protected Registry registry() {
        return region;
    }

    @Test
    void files_are_named_after_their_format_and_are_found_when_the_region_wants_another_since() throws Exception {
        var raw = region.register(image("a", 1), LOG).ref().id();
        var plain = region(DiskFormat.QCOW2);
        var qcow2 = plain.register(image("b", 2), LOG).ref().id();
        assertThat(plain.file(raw))
                .contains(folder.resolve("images").resolve(raw).resolve("image.raw"));
        assertThat(region.file(qcow2))
                .contains(folder.resolve("images").resolve(qcow2).resolve("image.qcow2"));
        assertThat(plain.find(raw).orElseThrow().diskFormat()).isEqualTo("raw");
        assertThat(Files.readString(folder.resolve("images").resolve(raw).resolve("image.json")))
                .contains("\"disk_format\" : \"raw\"", "\"min_disk\" : 3");
    }
}
