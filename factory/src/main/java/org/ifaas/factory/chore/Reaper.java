package org.ifaas.factory.chore;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a provider holds under the factory's own id and no live build owns, after seeing it twice; and kept hosts
 * when their time is over.
 */
public final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    private final Journal journal;
    private final BuildHosts hosts;
    private final TestInstances instances;
    private final Names names;
    private final InstantSource clock;
    private Set<String> seen = new HashSet<>();

    public Reaper(Journal journal, BuildHosts hosts, TestInstances instances, Names names, InstantSource clock) {
        this.journal = journal;
        this.hosts = hosts;
        this.instances = instances;
        this.names = names;
        this.clock = clock;
    }

    /** One round; called again and again. */
    public synchronized void round() throws InterruptedException {
        var now = new HashSet<String>();
        for (var provider : hosts.all()) {
            for (var name : provider.list()) {
                if (mayGo(name, now)) {
                    remove(name, () -> provider.destroy(name));
                }
            }
        }
        for (var name : instances.list()) {
            if (mayGo(name, now)) {
                remove(name, () -> instances.destroy(name));
            }
        }
        seen = now;
    }

    private boolean mayGo(String name, Set<String> now) {
        var id = names.buildOf(name);
        if (id.isEmpty()) {
            return false;
        }
        var build = id.flatMap(journal::find);
        if (build.isPresent() && !build.get().state().ended()) {
            return false;
        }
        var keptUntil = id.flatMap(known -> journal.facts(known).find(HostDestroyed.class))
                .map(HostDestroyed::keptUntil);
        if (keptUntil.isPresent()) {
            return keptUntil.get().isBefore(clock.instant());
        }
        now.add(name);
        return seen.contains(name);
    }

    private interface Removal {
        void run() throws StageFailure, InterruptedException;
    }

    private static void remove(String name, Removal removal) throws InterruptedException {
        try {
            removal.run();
            LOG.info("{}: removed, no live build owns it", name);
        } catch (StageFailure e) {
            LOG.warn("{} can't be removed: {} {}", name, e.getMessage(), e.mend());
        }
    }
}
