package org.ifaas.factory.handover;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ifaas.factory.host.HostKind;
import org.jspecify.annotations.Nullable;

/**
 * The ways by which this factory takes what its hosts have built.
 *
 * @param all that are configured, so that what lies on a way that is chosen no more is cleared as well
 * @param usual for hosts of which nothing else is said
 * @param byCloud for the servers of a cloud
 */
public record Handovers(List<Handover> all, Handover usual, Map<String, Handover> byCloud) {
    public Handovers {
        all = List.copyOf(all);
        byCloud = Map.copyOf(byCloud);
    }

    /** The connection to each host, and nothing else. */
    public static Handovers overSsh() {
        var ssh = new OverSsh();
        return new Handovers(List.of(ssh), ssh, Map.of());
    }

    /** @param cloud of the build; it only matters for hosts that are servers of one */
    public Handover of(HostKind kind, @Nullable String cloud) {
        return kind == HostKind.NOVA ? byCloud.getOrDefault(Objects.requireNonNullElse(cloud, ""), usual) : usual;
    }
}
