package org.ifaas.factory.host;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** The providers of build hosts that this factory has, and the choice between them. */
public final class BuildHosts {
    private final List<HostProvider> providers;
    private final @Nullable String node;

    public BuildHosts(List<HostProvider> providers) {
        this(providers, null);
    }

    /** @param node whose machine this is, of the factory's several; null where it has one */
    public BuildHosts(List<HostProvider> providers, @Nullable String node) {
        this.providers = List.copyOf(providers);
        this.node = node;
    }

    /** Whose machine this is, of the factory's several; null where it has one. */
    public @Nullable String node() {
        return node;
    }

    /** @param cloud of the build; it only matters for hosts that are servers of one */
    public HostProvider of(HostKind kind, @Nullable String cloud) {
        return provider(kind, cloud).orElseThrow(() -> new IllegalStateException("no provider of " + kind + " hosts"));
    }

    private Optional<HostProvider> provider(HostKind kind, @Nullable String cloud) {
        return providers.stream()
                .filter(provider -> provider.kind() == kind)
                .filter(provider -> provider.cloud() == null || provider.cloud().equals(cloud))
                .findFirst();
    }

    public List<HostProvider> all() {
        return providers;
    }

    /** Those of which a build for that cloud may have hosts: this machine's, and that cloud's. */
    public List<HostProvider> usedBy(@Nullable String cloud) {
        return providers.stream()
                .filter(provider -> provider.cloud() == null || provider.cloud().equals(cloud))
                .toList();
    }

    /** Whether such a build needs the machine of the node that carries it, for its host or its test instance. */
    public boolean needOwnMachine(Parameters of) {
        return of.cloud() == null
                || switch (of.host()) {
                    case CONTAINER, QEMU -> true;
                    case NOVA -> false;
                    case AUTO -> provider(HostKind.NOVA, of.cloud()).isEmpty();
                };
    }

    /** @param reason in words, for people */
    public record Choice(HostKind kind, String reason) {}

    /**
     * Chooses the kind of host. {@code AUTO} takes a server of the cloud where one is named; else QEMU where hardware
     * acceleration works, else the container host for trusted definitions, else QEMU without acceleration.
     *
     * @param cloud of the build; null for none
     * @param acceleration whether a guest really boots with hardware acceleration, where not why, and what would help; asked
     *     only when it matters, since the answer may take a while
     * @throws StageFailure blaming the FACTORY when nothing can be had, the REQUEST when what was asked for is not allowed
     */
    public Choice choose(
            HostChoice wanted, @Nullable String cloud, boolean trusted, Supplier<Availability> acceleration)
            throws StageFailure {
        return switch (wanted) {
            case NOVA -> inCloud(cloud, "asked for");
            case CONTAINER -> {
                if (!trusted) {
                    throw new StageFailure(
                            Blame.REQUEST,
                            "host: container is for trusted definitions only; this one's repository is not on the allow-list",
                            "Ask for host qemu, or have the operator set trusted on the repository.");
                }
                yield asked(HostKind.CONTAINER);
            }
            case QEMU -> asked(HostKind.QEMU);
            case AUTO ->
                cloud != null && provider(HostKind.NOVA, cloud).isPresent()
                        ? inCloud(cloud, "a server of cloud " + cloud + ", as the build is for it")
                        : best(trusted, acceleration);
        };
    }

    private Choice inCloud(@Nullable String cloud, String reason) throws StageFailure {
        if (cloud == null) {
            throw new StageFailure(
                    Blame.REQUEST,
                    "host: nova is for builds that name a cloud",
                    "Add --cloud, or ask for another host.");
        }
        var provider = provider(HostKind.NOVA, cloud);
        if (provider.isEmpty()) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "host: nova can't be had: cloud " + cloud + " has no host_image, host_flavor and network",
                    "Describe them under clouds in ifaas.yaml, or ask for another host.");
        }
        var availability = provider.get().availability();
        if (!availability.available()) {
            throw new StageFailure(
                    Blame.CLOUD, "host: nova can't be had: " + availability.detail(), availability.mend());
        }
        return new Choice(HostKind.NOVA, reason);
    }

    private Choice asked(HostKind kind) throws StageFailure {
        var availability = availability(kind);
        if (!availability.available()) {
            throw new StageFailure(
                    Blame.FACTORY, "host: " + kind + " can't be had: " + availability.detail(), availability.mend());
        }
        return new Choice(kind, "asked for");
    }

    private Choice best(boolean trusted, Supplier<Availability> acceleration) throws StageFailure {
        var qemu = availability(HostKind.QEMU);
        var fast = qemu.available() ? acceleration.get() : qemu;
        if (fast.available()) {
            return new Choice(HostKind.QEMU, "QEMU, as hardware acceleration works here: " + fast.detail());
        }
        var container = trusted
                ? availability(HostKind.CONTAINER)
                : new Availability(
                        false,
                        "the container host is for trusted definitions only",
                        "Have the operator set trusted on the repository.");
        if (container.available()) {
            return new Choice(
                    HostKind.CONTAINER,
                    "container host, as the definition is trusted and QEMU has no hardware acceleration here: "
                            + fast.detail());
        }
        if (qemu.available()) {
            return new Choice(
                    HostKind.QEMU,
                    "QEMU without hardware acceleration, slow: %s. %s Nor is there a container host: %s. %s"
                            .formatted(fast.detail(), fast.mend(), container.detail(), container.mend()));
        }
        throw new StageFailure(
                Blame.FACTORY,
                "no build host can be had: " + container.detail() + "; " + qemu.detail(),
                container.mend() + " Or: " + qemu.mend());
    }

    private Availability availability(HostKind kind) {
        return provider(kind, null)
                .map(HostProvider::availability)
                .orElseGet(() ->
                        new Availability(false, "no provider of " + kind + " hosts is configured", "Configure one."));
    }
}
