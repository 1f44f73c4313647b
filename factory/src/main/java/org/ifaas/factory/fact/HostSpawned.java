package org.ifaas.factory.fact;

import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 2: a host exists, and the factory knows the host key it will show.
 *
 * @param node on whose machine it is, of the factory's several; null where any node reaches it
 */
public record HostSpawned(
        BuildHost host, SshKey userKey, @Nullable String node) implements Fact {
    public HostSpawned(BuildHost host, SshKey userKey) {
        this(host, userKey, null);
    }
}
