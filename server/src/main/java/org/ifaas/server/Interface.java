package org.ifaas.server;

import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.ifaas.api.StatusView;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.signing.Verifier;
import org.ifaas.server.api.Api;
import org.ifaas.server.api.Artifacts;
import org.ifaas.server.api.AuditRoutes;
import org.ifaas.server.api.BuildRoutes;
import org.ifaas.server.api.Callers;
import org.ifaas.server.api.CertificationRoutes;
import org.ifaas.server.api.ConsoleRoutes;
import org.ifaas.server.api.Differences;
import org.ifaas.server.api.HealthRoutes;
import org.ifaas.server.api.HookRoutes;
import org.ifaas.server.api.HostList;
import org.ifaas.server.api.HostRoutes;
import org.ifaas.server.api.ImageNames;
import org.ifaas.server.api.ImageRoutes;
import org.ifaas.server.api.Inquiries;
import org.ifaas.server.api.KeptAnswers;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.LogEvents;
import org.ifaas.server.api.MetricsRoutes;
import org.ifaas.server.api.PublicationRoutes;
import org.ifaas.server.api.Reach;
import org.ifaas.server.api.RegionRoutes;
import org.ifaas.server.api.ReleaseRoutes;
import org.ifaas.server.api.RequestRoutes;
import org.ifaas.server.api.ScheduleRoutes;
import org.ifaas.server.api.StatisticsRoutes;
import org.ifaas.server.api.SystemRoutes;
import org.ifaas.server.api.TokenRoutes;
import org.ifaas.server.api.Views;
import org.ifaas.server.console.Console;
import org.ifaas.server.console.Parts;
import org.ifaas.server.login.Accounts;
import org.ifaas.server.login.LdapDirectory;
import org.ifaas.server.login.LdapPolicy;
import org.ifaas.server.login.LocalAdmin;
import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Sessions;
import org.ifaas.server.login.Tokens;
import org.ifaas.server.statistics.Metrics;
import org.ifaas.server.statistics.Statistics;
import org.ifaas.store.queue.Chore;
import org.jspecify.annotations.Nullable;

/** What people and programs meet: the REST interface, the console, and who may come in. */
final class Interface {
    private final Premises on;
    private final Upkeep upkeep;
    private final Map<String, HttpService> services = new LinkedHashMap<>();
    private final Console console;
    private final Reach reach;
    private final LocalAdmin admin;
    private final Sessions sessions;
    private final KeptAnswers answers;
    private final Logins logins;
    private final Tokens tokens;

    Interface(Premises on, Engine engine, Upkeep upkeep, Verifier verifier, Doctor doctor, Control control)
            throws IOException {
        this.on = on;
        this.upkeep = upkeep;
        var config = on.config();
        var ports = on.ports();
        var store = on.store();
        var journal = store.journal();
        var builds = engine.builds();
        var logs = engine.logs();
        var publisher = engine.publisher();
        var certification = engine.certification();
        var login = config.console().login();
        this.answers = new KeptAnswers(store.answers(config.answersKept()), on.clock());
        this.sessions = new Sessions(store.sessions(), login, on.clock());
        this.admin = new LocalAdmin(
                store.localAccounts(), store.sessions(), store.loginFailures(), login, config.user(), on.clock());
        this.logins = new Logins(
                accounts(admin, config.console().ldap()),
                store.loginFailures(),
                login,
                on.audit(),
                on.clock(),
                Thread::sleep);
        this.tokens = new Tokens(store.tokens(), config.tokens(), on.audit(), on.clock());
        this.reach = new Reach(
                build -> builds.find(build).map(found -> found.parameters().image()),
                host -> on.names()
                        .buildOf(host)
                        .flatMap(journal::find)
                        .map(found -> found.parameters().image()),
                new ImageNames(ports.repository(), journal));

        var views = new Views(
                journal,
                store.requests(),
                ports.store(),
                certification,
                (build, attempt, stage) -> logs.lastLine(build, attempt, stage).orElse(null));
        var logEvents = new LogEvents(journal, logs);
        var hosts = new HostList(
                ports.hosts(),
                ports.remote(),
                journal,
                store.history(),
                on.names(),
                upkeep.leftovers()::remove,
                on.audit(),
                new Inquiries<>(config.inquiries().keepingNothing(), on.clock()),
                on.clock());
        var statistics = new Statistics(store.statistics(), on.clock());
        var lists = new Lists(ports.repository(), journal, store.requests(), upkeep.scheduling(), hosts, statistics);
        services.put(
                "/builds",
                new BuildRoutes(
                        builds,
                        engine.check(),
                        journal,
                        logs,
                        logEvents,
                        views,
                        new Differences(journal, ports.store()),
                        new Artifacts(journal, ports.store()),
                        this::awaitChange));
        services.put("/images", new ImageRoutes(lists, journal, on.trusted()));
        services.put("/regions", new RegionRoutes(ports.registries(), new Inquiries<>(config.inquiries(), on.clock())));
        services.put("/hosts", new HostRoutes(hosts, lists));
        services.put("/requests", new RequestRoutes(lists, publisher, builds, views));
        services.put("/publications", new PublicationRoutes(publisher, builds, journal, ports.store(), views));
        services.put("/certification", new CertificationRoutes(certification, builds, views));
        services.put("/schedules", new ScheduleRoutes(upkeep.scheduling(), lists));
        services.put("/audit", new AuditRoutes(on.audit()));
        services.put("/releases", new ReleaseRoutes(journal, views, verifier, builds));
        services.put("/statistics", new StatisticsRoutes(lists));
        services.put("/tokens", new TokenRoutes(tokens, ports.registries(), on.clock()));
        services.put("/console", new ConsoleRoutes(control.consoleAddress(), admin::newPassword, on.audit()));
        services.put(
                "", new SystemRoutes(control.status(), doctor::of, store.backup()::backup, control.stop(), on.audit()));
        var metrics = new Metrics(
                store.statistics(),
                ports.store(),
                ports.hosts(),
                config.inquiries(),
                sessions,
                Version.TEXT,
                on.clock());
        services.put("/metrics", new MetricsRoutes(metrics));
        this.console = new Parts(
                        store,
                        ports.repository(),
                        ports.hosts(),
                        ports.registries(),
                        ports.store(),
                        builds,
                        engine.check(),
                        logs,
                        logEvents,
                        hosts,
                        publisher,
                        certification,
                        upkeep.scheduling(),
                        lists,
                        reach,
                        metrics,
                        config.inquiries(),
                        on.trusted(),
                        logins,
                        sessions,
                        config.effective(),
                        config.console().address(),
                        config.console().metricsToken(),
                        Version.TEXT,
                        on.clock())
                .console();
    }

    /** What is asked of the factory itself. */
    record Control(Supplier<String> consoleAddress, Supplier<StatusView> status, Runnable stop) {}

    /** The local administrator gets in when the directory does not answer, too. */
    private static Accounts accounts(LocalAdmin admin, @Nullable LdapPolicy ldap) throws IOException {
        return ldap == null ? admin : Accounts.anyOf(List.of(admin, new LdapDirectory(ldap)));
    }

    /** @param token of this machine's user */
    Api start(String token) {
        var config = on.config();
        return Api.start(
                new InetSocketAddress(config.listen(), config.port()),
                Callers.localAnd(token, config.user(), tokens),
                reach,
                answers,
                services,
                hooks(),
                console::answer,
                config.mostEvidenceBytes());
    }

    private Map<String, HttpService> hooks() {
        return Map.of(
                "/health",
                new HealthRoutes(this::databaseAnswers),
                "/hooks/git",
                new HookRoutes(on.config().gitHookSecret(), upkeep.following()::soon));
    }

    private boolean databaseAnswers() {
        try {
            on.store().journal().count(BuildSelection.ALL.in(BuildState.RUNNING));
            return true;
        } catch (JournalAway e) {
            return false;
        }
    }

    private void awaitChange(BuildId build, Duration most) throws InterruptedException {
        var changes = on.store().changes();
        changes.await(build, changes.seen(), most);
    }

    /** The administrator's password, the first time that somebody keeps a factory running; empty later. */
    Optional<String> firstPassword() {
        return admin.firstPassword();
    }

    List<Chore> chores() {
        var every = on.config().reaperEvery();
        return List.of(
                new Chore("forget sessions and failed logins that are over", every, () -> {
                    sessions.removeExpired();
                    logins.forgetOldFailures();
                }),
                new Chore("forget answers that are over", every, answers::removeOver));
    }
}
