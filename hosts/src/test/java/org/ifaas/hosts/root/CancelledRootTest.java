package org.ifaas.hosts.root;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.HostProviderContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** With the real mmdebstrap, which mounts into the root that it makes. */
@Tag("slow")
@EnabledIf("root")
class CancelledRootTest {
    @TempDir
    Path folder;

    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void a_making_that_is_cancelled_leaves_no_mount_and_no_file() throws Exception {
        var roots = new HostRoots(folder);
        var mounted = new CountDownLatch(1);
        var making = Thread.ofVirtual().start(() -> {
            try {
                roots.prepare("debian-12", List.of(), HostProviderContract.sources(), line -> {
                    if (line.contains("installing essential packages")) {
                        mounted.countDown();
                    }
                });
            } catch (StageFailure | InterruptedException cancelled) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(mounted.await(10, TimeUnit.MINUTES)).isTrue();
        making.interrupt();
        making.join();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(folder.toString());
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith(".making-"));
    }
}
