package org.ifaas.hosts.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.host.HostSize;
import org.junit.jupiter.api.Test;

class LaunchTest {
    private static final HostSize SIZE = new HostSize(2, 2048, 10);
    private final Launch launch = new Launch(new HostFolder(Path.of("/hosts/one")));

    @Test
    void under_systemd_a_scope_of_its_own_limits_its_memory_its_processors_and_its_processes() {
        assertThat(launch.argv(true, SIZE, 500, List.of()))
                .containsSubsequence("systemd-run", "--scope", "--unit=host-one.scope", "sh", "/hosts/one")
                .contains("--property=MemoryMax=2048M", "--property=CPUQuota=200%", "--property=TasksMax=500");
    }

    @Test
    void elsewhere_the_launcher_joins_the_control_groups_that_limit_it() {
        assertThat(launch.argv(false, SIZE, 500, List.of(Path.of("/cgroup/host-one"))))
                .doesNotContain("systemd-run")
                .endsWith("/hosts/one", "given/host.sh", "/cgroup/host-one");
    }
}
