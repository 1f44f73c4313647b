package org.ifaas.server.console;

import io.helidon.http.HeaderNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.source.Repository;
import org.ifaas.server.api.HostList;
import org.ifaas.server.api.Inquiries;
import org.ifaas.server.api.InquiryPolicy;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.LogEvents;
import org.ifaas.server.api.Reach;
import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Sessions;
import org.ifaas.server.statistics.Metrics;
import org.ifaas.sources.RequestCheck;
import org.ifaas.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * What the console shows and works with.
 *
 * @param trusted names of the repositories on the allow-list
 * @param metricsToken with which a program may ask for the metrics; null for none
 * @param address under which a proxy offers the console; null when it is used on this machine only
 */
public record Parts(
        Store store,
        Repository repository,
        BuildHosts buildHosts,
        Registries registries,
        ArtifactStore artifacts,
        Builds builds,
        RequestCheck check,
        Logs logs,
        LogEvents logEvents,
        HostList hosts,
        Publisher publisher,
        Certification certification,
        Scheduling scheduling,
        Lists lists,
        Reach reach,
        Metrics metrics,
        InquiryPolicy inquiries,
        Set<String> trusted,
        Logins logins,
        Sessions sessions,
        List<SettingView> settings,
        @Nullable URI address,
        @Nullable String metricsToken,
        String version,
        InstantSource clock) {

    public Console console() {
        var gate = new Gate(sessions, address, metricsToken);
        var files = new StaticFiles();
        return new Console(gate, reach, new Pages(version, files), handlers(gate, files));
    }

    private Map<Route, Handler> handlers(Gate gate, StaticFiles files) {
        var journal = store.journal();
        var signIn = new SignIn(gate, logins);
        var images = new Images(lists, journal, store.history(), trusted, clock);
        var changes = new PackageChanges(journal, artifacts);
        var image = new Image(repository, store.history(), changes, clock);
        var newBuild = new NewBuild(builds, check, lists, reach, registries);
        var log = new LogPart(journal, logs, logEvents);
        var build = new BuildPage(journal, artifacts, log, clock);
        var events = new LiveEvents(journal, lists, store.changes());
        var requests = new RequestsPage(
                lists,
                publisher,
                certification,
                journal,
                store.history(),
                registries,
                new Inquiries<>(inquiries, clock));
        var figures = new StatisticsPage(lists);
        var hostsPage = new HostsPage(buildHosts, hosts, lists, new Inquiries<>(inquiries.keepingNothing(), clock));
        Map<Route, Handler> handlers = new EnumMap<>(Route.class);
        handlers.put(Route.STATIC, files::send);
        handlers.put(Route.SIGN_IN_PAGE, signIn::show);
        handlers.put(Route.SIGN_IN, signIn::signIn);
        handlers.put(Route.SIGN_OUT, signIn::signOut);
        handlers.put(Route.IMAGES, images::show);
        handlers.put(Route.EVENTS, events::ofAll);
        handlers.put(Route.IMAGE, image::show);
        handlers.put(Route.DIFFERENCES, image::differences);
        handlers.put(Route.NEW_BUILD, newBuild::show);
        handlers.put(Route.REQUEST_BUILD, newBuild::request);
        handlers.put(Route.BUILD, build::show);
        handlers.put(Route.BUILD_EVENTS, events::ofBuild);
        handlers.put(Route.LOG, log::download);
        handlers.put(Route.LOG_EVENTS, log::events);
        handlers.put(Route.LOG_LINES, log::lines);
        handlers.put(Route.LOG_HITS, log::search);
        handlers.put(Route.ARTIFACT, build::artifact);
        var actions = new BuildActions(builds, journal);
        handlers.put(Route.CANCEL, actions::cancel);
        handlers.put(Route.RETRY, actions::retry);
        handlers.put(Route.RESIGN, actions::resign);
        handlers.put(Route.KEEP_HOST, actions::keepHost);
        handlers.put(Route.REQUESTS, requests::show);
        handlers.put(Route.APPROVE, requests::approve);
        handlers.put(Route.CERTIFY, requests::certify);
        handlers.put(Route.REJECT, requests::reject);
        handlers.put(Route.HOSTS, hostsPage::show);
        handlers.put(Route.DESTROY_HOST, hostsPage::destroy);
        handlers.put(Route.REGIONS, new RegionsPage(registries, new Inquiries<>(inquiries, clock))::show);
        handlers.put(Route.STATISTICS, figures::show);
        handlers.put(Route.STATISTICS_CSV, figures::csv);
        var schedules = new SchedulesPage(scheduling, lists);
        handlers.put(Route.SCHEDULES, schedules::show);
        handlers.put(Route.PAUSE_SCHEDULE, schedules::pause);
        handlers.put(Route.RESUME_SCHEDULE, schedules::resume);
        handlers.put(Route.AUDIT, new AuditPage(store.audit())::show);
        handlers.put(Route.METRICS, this::metrics);
        handlers.put(Route.SETTINGS, new SettingsPage(settings, store, version)::show);
        return handlers;
    }

    private void metrics(Exchange exchange) throws InterruptedException {
        exchange.response()
                .header(HeaderNames.CONTENT_TYPE, Metrics.TYPE)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(metrics.text().getBytes(StandardCharsets.UTF_8));
    }
}
