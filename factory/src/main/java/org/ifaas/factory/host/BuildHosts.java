package org.ifaas.factory.host;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.ifaas.factory.pipeline.StageFailure;

/** The providers of build hosts that this factory has, and the choice between them. */
public final class BuildHosts {
    private final Map<HostKind, HostProvider> providers = new EnumMap<>(HostKind.class);

    public BuildHosts(List<HostProvider> providers) {
        providers.forEach(provider -> this.providers.put(provider.kind(), provider));
    }

    public HostProvider of(HostKind kind) {
        return Optional.ofNullable(providers.get(kind))
                .orElseThrow(() -> new IllegalStateException("no provider of " + kind + " hosts"));
    }

    public List<HostProvider> all() {
        return List.copyOf(providers.values());
    }

    /** @param reason in words, for people */
    public record Choice(HostKind kind, String reason) {}

    /**
     * Chooses the kind of host. {@code AUTO} takes QEMU where hardware acceleration works, else the container host for
     * trusted definitions, else QEMU without acceleration.
     *
     * @throws StageFailure blaming the FACTORY when nothing can be had, the IMAGE when what was asked for is not allowed
     */
    public Choice choose(HostChoice wanted, boolean trusted, boolean accelerated) throws StageFailure {
        var container = availability(HostKind.CONTAINER);
        var qemu = availability(HostKind.QEMU);
        return switch (wanted) {
            case CONTAINER -> {
                if (!trusted) {
                    throw new StageFailure(
                            Blame.IMAGE,
                            "host: container is for trusted definitions only; this one's repository is not on the allow-list",
                            "Ask for host qemu, or have the operator set trusted on the repository.");
                }
                yield required(HostKind.CONTAINER, container, "asked for");
            }
            case QEMU -> required(HostKind.QEMU, qemu, "asked for");
            case AUTO -> {
                if (qemu.available() && accelerated) {
                    yield new Choice(HostKind.QEMU, "QEMU, as hardware acceleration works here: " + qemu.detail());
                }
                if (trusted && container.available()) {
                    yield new Choice(
                            HostKind.CONTAINER,
                            "container host, as hardware acceleration does not work here and the definition is trusted");
                }
                if (qemu.available()) {
                    yield new Choice(HostKind.QEMU, "QEMU without hardware acceleration, slow: " + qemu.detail());
                }
                throw new StageFailure(
                        Blame.FACTORY,
                        "no build host can be had: " + container.detail() + "; " + qemu.detail(),
                        container.mend() + " Or: " + qemu.mend());
            }
        };
    }

    private Availability availability(HostKind kind) {
        var provider = providers.get(kind);
        return provider == null
                ? new Availability(false, "no provider of " + kind + " hosts is configured", "Configure one.")
                : provider.availability();
    }

    private static Choice required(HostKind kind, Availability availability, String why) throws StageFailure {
        if (!availability.available()) {
            throw new StageFailure(Blame.FACTORY, "host: " + kind + " can't be had: " + availability.detail(), availability.mend());
        }
        return new Choice(kind, why);
    }
}
