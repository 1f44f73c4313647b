package org.ifaas.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.publish.RegionPublisherContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectoryPublishingTest extends RegionPublisherContract {
    @TempDir
    Path folder;

    private DirectoryRegion region;

    @BeforeEach
    void make() {
        region = new DirectoryRegion("west", DiskFormat.QCOW2, folder, StorePolicy.defaults(), clock);
    }

    @Override
    protected Registry registry() {
        return region;
    }

    @Override
    protected void damage(String id) throws Exception {
        var file = region.file(id).orElseThrow();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, otherBytes());
    }
}
