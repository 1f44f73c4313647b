package org.ifaas.server.console;

import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.server.api.HostList;
import org.ifaas.server.api.Inquiries;
import org.ifaas.server.api.Lists;

/** The build hosts that there are, and of which kinds more can be had. */
public final class HostsPage {
    private final BuildHosts providers;
    private final HostList hosts;
    private final Lists lists;
    private final Inquiries<Availability> inquiries;

    HostsPage(BuildHosts providers, HostList hosts, Lists lists, Inquiries<Availability> inquiries) {
        this.inquiries = inquiries;
        this.providers = providers;
        this.hosts = hosts;
        this.lists = lists;
    }

    public record Page(HostList.Found found, List<Kind> kinds) {}

    public record Kind(String name, Shown state, String detail) {}

    void show(Exchange exchange) throws InterruptedException {
        var asked = inquiries.each(
                providers.all(),
                provider ->
                        inquiries.ask(HostList.whom(provider), provider.kind().name(), provider::availability));
        var found = lists.hosts(exchange.account());
        var kinds = new ArrayList<Kind>();
        for (var provider : asked) {
            kinds.add(kind(provider.getKey().kind().name(), provider.getValue().answer()));
        }
        exchange.page("Hosts", "/hosts", "hosts", new Page(found, kinds));
    }

    private static Kind kind(String name, Inquiries.Answer<Availability> answer) {
        var availability = answer.value();
        return availability == null
                ? new Kind(name, new Shown("?", "not known", "calm"), answer.problem())
                : new Kind(
                        name,
                        availability.available()
                                ? new Shown("✔", "available", "good")
                                : new Shown("✖", "not available", "bad"),
                        availability.detail() + " " + availability.mend());
    }

    void destroy(Exchange exchange) throws InterruptedException {
        hosts.destroy(exchange.name("host"), exchange.account().name());
        exchange.redirect("/hosts");
    }
}
