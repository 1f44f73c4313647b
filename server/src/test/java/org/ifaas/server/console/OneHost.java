package org.ifaas.server.console;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A provider with a host that no build owns, until it is destroyed. */
final class OneHost implements HostProvider {
    static final String NAME = "ifaas-abc123-k3f9x2ma-h1";

    /** It can't be destroyed now. */
    volatile boolean stuck;

    final Silence cloud = new Silence();

    private boolean gone;

    @Override
    public HostKind kind() {
        return HostKind.CONTAINER;
    }

    @Override
    public Availability availability() {
        return new Availability(true, "systemd-nspawn works", "");
    }

    @Override
    public BuildHost spawn(HostRequest request, StageLog log) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<BuildHost> find(String name) {
        return Optional.of(new BuildHost(
                kind(),
                name,
                "127.0.0.1",
                2222,
                "root",
                null,
                "systemd-nspawn",
                Instant.parse("2026-11-24T10:00:00Z")));
    }

    @Override
    public synchronized void destroy(String name) throws StageFailure {
        if (stuck) {
            throw new StageFailure(Blame.HOST, "host " + name + " does not end", "See why, then try again.");
        }
        gone = true;
    }

    @Override
    public List<String> list() {
        cloud.await();
        return isGone() ? List.of() : List.of(NAME);
    }

    private synchronized boolean isGone() {
        return gone;
    }
}
