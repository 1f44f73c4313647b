package org.ifaas.factory.notify;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;

/** Notices build hosts that their requesters have kept for too long. */
public final class KeptHosts {
    private final Journal journal;
    private final BuildHosts hosts;
    private final Names names;
    private final Outbox outbox;
    private final Duration tooLong;
    private final InstantSource clock;

    public KeptHosts(
            Journal journal, BuildHosts hosts, Names names, Outbox outbox, Duration tooLong, InstantSource clock) {
        this.journal = journal;
        this.hosts = hosts;
        this.names = names;
        this.outbox = outbox;
        this.tooLong = tooLong;
        this.clock = clock;
    }

    /** One round; called again and again. */
    public void round() {
        for (var provider : hosts.all()) {
            provider.list().forEach(this::look);
        }
    }

    private void look(String host) {
        var build = names.buildOf(host).flatMap(journal::find).orElse(null);
        if (build == null) {
            return;
        }
        journal.facts(build.id())
                .find(HostDestroyed.class)
                .map(HostDestroyed::keptUntil)
                .ifPresent(until -> look(host, build, until));
    }

    private void look(String host, Build build, Instant until) {
        var ended = build.ended();
        var now = clock.instant();
        if (ended == null || now.isBefore(ended.plus(tooLong))) {
            return;
        }
        var detail = "The host " + host + " has been kept since " + ended + ", and "
                + (now.isBefore(until)
                        ? "will be until " + until + ". Destroy it when it is not needed any more."
                        : "its time was over at " + until + ": it can't be removed. The factory's log says why.");
        outbox.add(Event.hostKept(host, build.parameters().image(), build.id(), now, detail));
    }
}
