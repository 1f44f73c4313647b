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

    private static final Availability KVM = new Availability(true, "a kernel booted in KVM", "");
    private static final Availability TCG = new Availability(
            false,
            "this user may not open /dev/kvm; QEMU emulates (TCG), which takes about 20 times as long",
            "Add the user to the group kvm and log in again.");
    private static final HostProvider NOT_ROOT = new None(
            HostKind.CONTAINER,
            null,
            new Availability(
                    false,
                    "container hosts need root, and the factory runs as anna",
                    "Run the factory as root, or use QEMU hosts."));

    private final BuildHosts hosts = new BuildHosts(List.of(CONTAINER, QEMU, WEST, EAST));

    /** Has no hosts. */
    private record None(HostKind kind, @Nullable String cloud, Availability availability) implements NoHosts {
        None(HostKind kind, @Nullable String cloud, boolean there) {
            this(kind, cloud, new Availability(there, "detail", "mend"));
        }
    }

    private static String auto(HostProvider container, boolean trusted, Availability acceleration) throws StageFailure {
        return new BuildHosts(List.of(container, QEMU))
                .choose(HostChoice.AUTO, null, trusted, () -> acceleration)
                .reason();
    }

    @Test
    void where_guests_boot_with_kvm_root_and_any_other_user_have_a_virtual_machine() throws Exception {
        for (var container : List.of(CONTAINER, NOT_ROOT)) {
            assertThat(auto(container, true, KVM))
                    .isEqualTo("QEMU, as hardware acceleration works here: a kernel booted in KVM");
        }
    }

    @Test
    void root_without_kvm_has_a_container_and_is_told_why() throws Exception {
        assertThat(auto(CONTAINER, true, TCG))
                .isEqualTo(
                        "container host, as the definition is trusted and QEMU has no hardware acceleration here: this"
                                + " user may not open /dev/kvm; QEMU emulates (TCG), which takes about 20 times as long");
    }

    @Test
    void a_user_without_kvm_has_a_slow_virtual_machine_and_is_told_what_a_faster_host_takes() throws Exception {
        assertThat(auto(NOT_ROOT, true, TCG))
                .isEqualTo(
                        "QEMU without hardware acceleration, slow: this user may not open /dev/kvm; QEMU emulates (TCG),"
                                + " which takes about 20 times as long. Add the user to the group kvm and log in again. Nor is"
                                + " there a container host: container hosts need root, and the factory runs as anna. Run the"
                                + " factory as root, or use QEMU hosts.");
        assertThat(auto(CONTAINER, false, TCG))
                .contains("QEMU without", "group kvm", "for trusted definitions only. Have the operator set trusted");
    }

    @Test
    void where_there_is_no_qemu_nobody_tries_kvm() throws Exception {
        var none =
                new None(HostKind.QEMU, null, new Availability(false, "not installed: qemu-system-x86", "Install it."));
        var choice = new BuildHosts(List.of(CONTAINER, none)).choose(HostChoice.AUTO, null, true, () -> {
            throw new AssertionError("it takes a while");
        });
        assertThat(choice.reason()).startsWith("container host").endsWith("not installed: qemu-system-x86");
    }

    @Test
    void a_build_for_a_cloud_gets_a_server_of_that_cloud() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, "west", true, () -> KVM).kind())
                .isEqualTo(HostKind.NOVA);
        assertThat(hosts.of(HostKind.NOVA, "west")).isSameAs(WEST);
        assertThat(hosts.of(HostKind.QEMU, "west")).isSameAs(QEMU);
    }

    @Test
    void a_build_without_one_does_not() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, null, true, () -> KVM).kind()).isEqualTo(HostKind.QEMU);
        assertThat(hosts.choose(HostChoice.AUTO, null, true, () -> TCG).kind()).isEqualTo(HostKind.CONTAINER);
        var failure =
                catchThrowableOfType(StageFailure.class, () -> hosts.choose(HostChoice.NOVA, null, true, () -> KVM));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure.mend()).contains("--cloud");
    }

    @Test
    void a_cloud_without_build_hosts_leaves_the_choice_among_those_of_this_machine() throws Exception {
        assertThat(hosts.choose(HostChoice.AUTO, "regions-only", true, () -> TCG)
                        .kind())
                .isEqualTo(HostKind.CONTAINER);
        assertThat(hosts.choose(HostChoice.CONTAINER, "west", true, () -> TCG).kind())
                .isEqualTo(HostKind.CONTAINER);
    }

    @Test
    void a_cloud_that_can_not_give_one_is_told_and_nothing_else_is_taken_instead() {
        var failure =
                catchThrowableOfType(StageFailure.class, () -> hosts.choose(HostChoice.AUTO, "east", true, () -> KVM));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessage("host: nova can't be had: detail");
    }

    @Test
    void a_build_uses_hosts_of_this_machine_and_of_its_own_cloud_only() {
        assertThat(hosts.usedBy("west")).containsExactly(CONTAINER, QEMU, WEST);
        assertThat(hosts.usedBy(null)).containsExactly(CONTAINER, QEMU);
    }
}
