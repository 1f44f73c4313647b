package org.ifaas.factory.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BuildHostsTest {
    private static final HostProvider CONTAINER = new None(HostKind.CONTAINER, null, true);
    private static final HostProvider QEMU = new None(HostKind.QEMU, null, true);
    private static final HostProvider WEST = new None(HostKind.NOVA, "west", true);
    private static final HostProvider EAST = new None(HostKind.NOVA, "east", false);

    private final BuildHosts hosts = new BuildHosts(List.of(CONTAINER, QEMU, WEST, EAST));

    /** Has no hosts. */
    private record None(HostKind kind, @Nullable String cloud, boolean there) implements NoHosts {
        @Override
        public Availability availability() {
            return new Availability(there, "detail", "mend");
        }
    }

    @Test
    void a_build_for_a_cloud_gets_a_server_of_that_cloud() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, "west", true, () -> true).kind())
                .isEqualTo(HostKind.NOVA);
        assertThat(hosts.of(HostKind.NOVA, "west")).isSameAs(WEST);
        assertThat(hosts.of(HostKind.QEMU, "west")).isSameAs(QEMU);
    }

    @Test
    void a_build_without_one_does_not() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, null, true, () -> true).kind()).isEqualTo(HostKind.QEMU);
        assertThat(hosts.choose(HostChoice.AUTO, null, true, () -> false).kind())
                .isEqualTo(HostKind.CONTAINER);
        var failure =
                catchThrowableOfType(StageFailure.class, () -> hosts.choose(HostChoice.NOVA, null, true, () -> true));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure.mend()).contains("--cloud");
    }

    @Test
    void a_cloud_without_build_hosts_leaves_the_choice_among_those_of_this_machine() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, "regions-only", true, () -> false)
                        .kind())
                .isEqualTo(HostKind.CONTAINER);
        assertThat(hosts.choose(HostChoice.CONTAINER, "west", true, () -> false).kind())
                .isEqualTo(HostKind.CONTAINER);
    }

    @Test
    void a_cloud_that_can_not_give_one_is_told_and_nothing_else_is_taken_instead() {
        var failure =
                catchThrowableOfType(StageFailure.class, () -> hosts.choose(HostChoice.AUTO, "east", true, () -> true));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessage("host: nova can't be had: detail");
    }

    @Test
    void a_build_uses_hosts_of_this_machine_and_of_its_own_cloud_only() {
        assertThat(hosts.usedBy("west")).containsExactly(CONTAINER, QEMU, WEST);
        assertThat(hosts.usedBy(null)).containsExactly(CONTAINER, QEMU);
    }
}
