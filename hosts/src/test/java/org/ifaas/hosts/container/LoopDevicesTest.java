package org.ifaas.hosts.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.hosts.container.LoopDevices.Loop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopDevicesTest {
    @Test
    void a_device_is_known_by_the_number_of_the_file_system_behind_it() {
        assertThat(LoopDevices.parse("/dev/loop0  2490452        0:53  \n/dev/loop12      17        254:0  \n\n"))
                .containsExactly(new Loop("/dev/loop0", 2490452, "0:53"), new Loop("/dev/loop12", 17, "254:0"));
    }

    @Test
    void control_groups_are_found_in_both_versions(@TempDir Path folder) throws Exception {
        var mountinfo = Files.writeString(folder.resolve("mountinfo"), """
                30 24 0:26 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
                31 24 0:27 / /sys/fs/cgroup/cpu rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
                32 24 0:28 /docker/x /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
                33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """);
        var cgroup = Files.writeString(
                folder.resolve("cgroup"), "4:memory:/a/b\n3:cpu,cpuacct:/\n2:pids:/docker/x/y\n0::/user.slice/z\n");
        assertThat(Mounts.read(mountinfo, cgroup))
                .containsEntry("memory", Path.of("/sys/fs/cgroup/memory/a/b"))
                .containsEntry("cpu", Path.of("/sys/fs/cgroup/cpu"))
                .containsEntry("pids", Path.of("/sys/fs/cgroup/pids/y"))
                .containsEntry(Mounts.VERSION_2, Path.of("/sys/fs/cgroup/unified/user.slice/z"));
    }
}
