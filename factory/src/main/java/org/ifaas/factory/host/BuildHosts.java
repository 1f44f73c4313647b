package org.ifaas.factory.host;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
     * @param accelerated whether a guest really boots with hardware acceleration; asked only when it matters, since the
     *     answer may take a while
     * @throws StageFailure blaming the FACTORY when nothing can be had, the IMAGE when what was asked for is not allowed
     */
    public Choice choose(HostChoice wanted, boolean trusted, BooleanSupplier accelerated) throws StageFailure {
        return switch (wanted) {
            case CONTAINER -> {
                if (!trusted) {
                    throw new StageFailure(
                            Blame.IMAGE,
                            "host: container is for trusted definitions only; this one's repository is not on the allow-list",
                            "Ask for host qemu, or have the operator set trusted on the repository.");
                }
                yield asked(HostKind.CONTAINER);
            }
            case QEMU -> asked(HostKind.QEMU);
            case AUTO -> best(trusted, accelerated);
        };
    }

    private Choice asked(HostKind kind) throws StageFailure {
        var availability = availability(kind);
        if (!availability.available()) {
            throw new StageFailure(
                    Blame.FACTORY, "host: " + kind + " can't be had: " + availability.detail(), availability.mend());
        }
        return new Choice(kind, "asked for");
    }

    private Choice best(boolean trusted, BooleanSupplier accelerated) throws StageFailure {
        var qemu = availability(HostKind.QEMU);
        if (qemu.available() && accelerated.getAsBoolean()) {
            return new Choice(HostKind.QEMU, "QEMU, as hardware acceleration works here: " + qemu.detail());
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
                    "container host, as hardware acceleration does not work here and the definition is trusted");
        }
        if (qemu.available()) {
            return new Choice(HostKind.QEMU, "QEMU without hardware acceleration, slow; " + container.mend());
        }
        throw new StageFailure(
                Blame.FACTORY,
                "no build host can be had: " + container.detail() + "; " + qemu.detail(),
                container.mend() + " Or: " + qemu.mend());
    }

    private Availability availability(HostKind kind) {
        var provider = providers.get(kind);
        return provider == null
                ? new Availability(false, "no provider of " + kind + " hosts is configured", "Configure one.")
                : provider.availability();
    }
}
