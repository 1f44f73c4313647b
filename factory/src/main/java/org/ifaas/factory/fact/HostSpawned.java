package org.ifaas.factory.fact;

import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Fact;

/** Stage 2: a host exists, and the factory knows the host key it will show. */
public record HostSpawned(BuildHost host, SshKey userKey) implements Fact {}
