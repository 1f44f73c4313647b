package org.ifaas.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.api.HostView;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;

/** The build hosts that there are, and the end of those that nobody uses. */
public final class HostList {
    private final BuildHosts hosts;
    private final Remote remote;
    private final Journal journal;
    private final Names names;
    private final Runnable whenOneIsGone;
    private final AuditLog audit;

    public HostList(
            BuildHosts hosts, Remote remote, Journal journal, Names names, Runnable whenOneIsGone, AuditLog audit) {
        this.hosts = hosts;
        this.remote = remote;
        this.journal = journal;
        this.names = names;
        this.whenOneIsGone = whenOneIsGone;
        this.audit = audit;
    }

    public List<HostView> all() {
        var views = new ArrayList<HostView>();
        for (var provider : hosts.all()) {
            provider.list().forEach(name -> views.add(view(provider, name)));
        }
        return views;
    }

    /** @throws Refusal when there is none of that name, a build uses it, or it can't be destroyed */
    public HostView destroy(String name, String by) throws InterruptedException {
        var provider = hosts.all().stream()
                .filter(candidate -> candidate.list().contains(name))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("host", name, "'ifaas hosts' lists them."));
        var owner = names.buildOf(name)
                .flatMap(journal::find)
                .filter(build -> !build.state().ended());
        if (owner.isPresent()) {
            throw busy(name, owner.get());
        }
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

    private HostView view(HostProvider provider, String name) {
        var host = provider.find(name);
        var build = names.buildOf(name);
        var facts = build.map(journal::facts);
        var spawned = facts.flatMap(all -> all.find(HostSpawned.class));
        var ssh = host.flatMap(found -> spawned.map(fact -> remote.commandLine(found, fact.userKey())));
        return new HostView(
                name,
                provider.kind().name(),
                host.map(found -> found.detail()).orElse("half-made or stopped"),
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
