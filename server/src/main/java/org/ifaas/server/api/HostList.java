package org.ifaas.server.api;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ifaas.api.HostView;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.store.journal.PostgresHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The build hosts that there are, and the end of those that nobody uses. Those on another node's machine are known from the
 * journal, and it is by the journal that their node hears that they are to go.
 */
public final class HostList {
    private static final Logger LOG = LoggerFactory.getLogger(HostList.class);

    private final BuildHosts hosts;
    private final Remote remote;
    private final Journal journal;
    private final PostgresHistory history;
    private final Names names;
    private final Runnable whenOneIsGone;
    private final AuditLog audit;
    private final Inquiries<List<HostView>> inquiries;
    private final InstantSource clock;

    public HostList(
            BuildHosts hosts,
            Remote remote,
            Journal journal,
            PostgresHistory history,
            Names names,
            Runnable whenOneIsGone,
            AuditLog audit,
            Inquiries<List<HostView>> inquiries,
            InstantSource clock) {
        this.hosts = hosts;
        this.remote = remote;
        this.journal = journal;
        this.history = history;
        this.names = names;
        this.whenOneIsGone = whenOneIsGone;
        this.audit = audit;
        this.inquiries = inquiries;
        this.clock = clock;
    }

    /** @param unknown why hosts of some provider may be missing */
    public record Found(List<HostView> hosts, List<String> unknown) {}

    public Found all() throws InterruptedException {
        var asked = hosts.all().stream()
                .map(provider -> inquiries.ask(whom(provider), provider.kind().name(), () -> views(provider)))
                .toList();
        var views = new ArrayList<HostView>();
        for (var there : elsewhere()) {
            var host = there.host();
            views.add(view(host.name(), host.kind(), Optional.of(host), Optional.of(there.facts())));
        }
        var unknown = new ArrayList<String>();
        for (var inquiry : asked) {
            var answer = inquiry.answer();
            if (answer.value() == null) {
                LOG.warn("hosts: {}", answer.problem());
                unknown.add(answer.problem());
            } else {
                views.addAll(answer.value());
            }
        }
        return new Found(views, unknown);
    }

    /** As people call who makes and lists hosts. */
    public static String whom(HostProvider provider) {
        return provider.cloud() == null ? "this machine" : "cloud " + provider.cloud();
    }

    private List<HostView> views(HostProvider provider) throws StageFailure {
        var views = new ArrayList<HostView>();
        for (var name : provider.list()) {
            views.add(view(provider, name));
        }
        return views;
    }

    /** @throws Refusal when there is none of that name, a build uses it, or it can't be destroyed */
    public HostView destroy(String name, String by) throws InterruptedException {
        var there = elsewhere().stream()
                .filter(one -> one.host().name().equals(name))
                .findFirst();
        if (there.isPresent()) {
            checkUnused(name);
            return handOn(there.get(), by);
        }
        var provider = provider(name);
        checkUnused(name);
        return destroy(provider, name, by);
    }

    private void checkUnused(String name) {
        var owner = names.buildOf(name)
                .flatMap(journal::find)
                .filter(build -> !build.state().ended());
        if (owner.isPresent()) {
            throw busy(name, owner.get());
        }
    }

    /** Its node removes what is kept no longer, as soon as it looks for such hosts. */
    private HostView handOn(Elsewhere there, String by) {
        var build = there.build();
        var host = there.host();
        var name = host.name();
        try {
            audit.record(
                    by,
                    AuditAction.HOST_DESTROYED,
                    name,
                    Map.of("build", build.id().value()),
                    () -> {
                        journal.record(build.id(), new HostDestroyed(clock.instant()), clock.instant());
                        return name;
                    });
        } catch (IllegalStateException retried) {
            throw busy(name, journal.find(build.id()).orElse(build));
        }
        return view(name, host.kind(), Optional.of(host));
    }

    private HostView destroy(HostProvider provider, String name, String by) throws InterruptedException {
        try {
            var view = view(provider, name);
            audit.record(
                    by,
                    AuditAction.HOST_DESTROYED,
                    name,
                    view.build() == null ? Map.of() : Map.of("build", view.build()));
            provider.destroy(name);
            whenOneIsGone.run();
            return view;
        } catch (StageFailure e) {
            throw new Refusal(500, String.valueOf(e.getMessage()), "host", name, e.mend());
        }
    }

    /** A build whose host is on another node's machine. */
    private record Elsewhere(Build build, Facts facts) {
        BuildHost host() {
            return facts.get(HostSpawned.class).host();
        }
    }

    private List<Elsewhere> elsewhere() {
        var node = hosts.node();
        return node == null
                ? List.of()
                : history.withHostsElsewhere(node, clock.instant()).stream()
                        .map(build -> new Elsewhere(build, journal.facts(build.id())))
                        .toList();
    }

    private HostProvider provider(String name) {
        for (var candidate : hosts.all()) {
            try {
                if (candidate.list().contains(name)) {
                    return candidate;
                }
            } catch (StageFailure e) {
                LOG.warn("hosts of cloud {}: {} {}", candidate.cloud(), e.getMessage(), e.mend());
            }
        }
        throw Refusal.notFound("host", name, "'ifaas hosts' lists them.");
    }

    private HostView view(HostProvider provider, String name) throws StageFailure {
        return view(name, provider.kind(), provider.find(name));
    }

    private HostView view(String name, HostKind kind, Optional<BuildHost> host) {
        return view(name, kind, host, names.buildOf(name).map(journal::facts));
    }

    private HostView view(String name, HostKind kind, Optional<BuildHost> host, Optional<Facts> facts) {
        var build = names.buildOf(name);
        var spawned = facts.flatMap(all -> all.find(HostSpawned.class));
        var ssh = host.flatMap(found -> spawned.map(fact -> remote.commandLine(found, fact.userKey())));
        return new HostView(
                name,
                kind.name(),
                host.map(BuildHost::detail).orElse("half-made or stopped")
                        + spawned.map(HostSpawned::node)
                                .map(node -> ", on " + node)
                                .orElse(""),
                build.map(id -> id.value()).orElse(null),
                ssh.orElse(null),
                host.map(found -> found.spawned()).orElse(null),
                facts.flatMap(all -> all.find(HostDestroyed.class))
                        .map(HostDestroyed::keptUntil)
                        .orElse(null));
    }

    private static Refusal busy(String name, Build build) {
        return new Refusal(
                409,
                "build " + build.id() + " is " + build.state() + " and uses this host",
                "host",
                name,
                "'ifaas cancel " + build.id() + "' ends the build and destroys its host.");
    }
}
