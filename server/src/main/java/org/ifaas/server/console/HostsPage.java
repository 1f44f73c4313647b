package org.ifaas.server.console;

import java.util.List;
import org.ifaas.api.HostView;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.server.api.HostList;
import org.ifaas.server.api.Lists;

/** The build hosts that there are, and of which kinds more can be had. */
public final class HostsPage {
    private final BuildHosts providers;
    private final HostList hosts;
    private final Lists lists;

    HostsPage(BuildHosts providers, HostList hosts, Lists lists) {
        this.providers = providers;
        this.hosts = hosts;
        this.lists = lists;
    }

    public record Page(List<HostView> hosts, List<Kind> kinds) {}

    public record Kind(String name, Availability availability) {}

    void show(Exchange exchange) {
        var kinds = providers.all().stream()
                .map(provider -> new Kind(provider.kind().name(), provider.availability()))
                .toList();
        exchange.page("Hosts", "/hosts", "hosts", new Page(lists.hosts(exchange.account()), kinds));
    }

    void destroy(Exchange exchange) throws InterruptedException {
        hosts.destroy(exchange.name("host"), exchange.account().name());
        exchange.redirect("/hosts");
    }
}
