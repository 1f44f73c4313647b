package org.ifaas.server.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.StatusView;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.TestStages;
import org.ifaas.factory.publish.Approvals;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.OwnRegions;
import org.ifaas.factory.publish.PlainApprovals;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.SchedulePolicy;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.factory.stage.ImagesToTest;
import org.ifaas.factory.stage.Stages;
import org.ifaas.server.api.Api;
import org.ifaas.server.api.Artifacts;
import org.ifaas.server.api.AuditOnce;
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
import org.ifaas.server.api.InquiryPolicy;
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
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Accounts;
import org.ifaas.server.login.AuditByToken;
import org.ifaas.server.login.LocalAdmin;
import org.ifaas.server.login.LoginPolicy;
import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Sessions;
import org.ifaas.server.login.TokenPolicy;
import org.ifaas.server.login.Tokens;
import org.ifaas.server.statistics.Metrics;
import org.ifaas.server.statistics.Statistics;
import org.ifaas.sources.RequestCheck;
import org.ifaas.store.Scratch;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.TestServer;
import org.ifaas.store.log.PostgresLogs;
import org.ifaas.store.schedule.CronUtils;
import org.ifaas.store.sql.Database;

/** The console on a real database, with an account for each role: its name in lower case, its password the same twice. */
final class ConsoleServer implements AutoCloseable {
    static final String METRICS_TOKEN = "a token for metrics";
    static final String API_TOKEN = "token";
    private static final StatusView STATUS = new StatusView("1", "/home", "none", 0, 0, 1, List.of());

    final InstantSource clock;
    final Store store;
    final PostgresLogs logs;
    final LocalAdmin admin;
    final Logins logins;

    /** What guesses had to wait, without waiting. */
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    final OneHost host = new OneHost();
    final Silence regionB = new Silence();
    final Database.Served database;
    final SampleBuilds sample;
    final PlainArtifactStore artifacts;
    private final Path folder = Scratch.folder("console");
    private final Api api;

    volatile boolean databaseAnswers = true;
    final Scheduling scheduling;
    final Tokens tokens;
    final Sessions sessions;
    final BetweenDecisions decisions;

    ConsoleServer(InstantSource clock) {
        this(clock, new InquiryPolicy(Duration.ofMinutes(5), Duration.ZERO));
    }

    ConsoleServer(InstantSource clock, InquiryPolicy inquiries) {
        this.clock = clock;
        database = TestServer.embedded().cleanDatabase();
        store = Store.open(StoreConfig.of(database, "node-1"), Stages.FACTS, InstantSource.system());
        artifacts = new PlainArtifactStore(folder.resolve("store"));
        logs = store.logs(artifacts);
        var registries = new Registries(
                List.of(new InMemoryRegistry("region-a", clock), regionB.of(new InMemoryRegistry("region-b", clock))));
        sample = new SampleBuilds(store, logs, artifacts, registries, folder);
        // The fewest rounds that the configuration allows: guessing is tested often.
        var defaults = LoginPolicy.defaults();
        var policy = new LoginPolicy(defaults.idle(), defaults.longest(), defaults.attempts(), defaults.window(), 1000);
        admin = new LocalAdmin(store.localAccounts(), store.sessions(), store.loginFailures(), policy, "anna", clock);
        var journal = store.journal();
        decisions = new BetweenDecisions(store.audit());
        var audit = new AuditByToken(new AuditOnce(decisions));
        var builds = new Builds(journal, id -> {}, new TestStages().pipelines(), audit, clock);
        var publication = new PublicationPolicy(true, ImagePatterns.NONE, Duration.ofDays(7), Duration.ofMinutes(5));
        var certification = new Certification(
                journal, store.confirmations(), store.requests(), artifacts, publication, audit, 1 << 20, clock);
        var publisher = new Publisher(
                store.requests(),
                new Approvals(store.requests(), journal, new PlainApprovals(), publication, clock),
                certification,
                new OwnRegions(Set.of("region-a", "region-b"), registries, new PlainMeasurer()),
                publication,
                audit,
                clock);
        sessions = new Sessions(store.sessions(), policy, clock);
        logins = new Logins(
                Accounts.anyOf(List.of(admin, this::people)), store.loginFailures(), policy, audit, clock, pauses::add);
        var hosts = new BuildHosts(List.of(host), "node-1");
        var hostList = new HostList(
                hosts,
                new NoRemote(),
                journal,
                store.history(),
                new Names("abc123"),
                () -> {},
                audit,
                new Inquiries<>(inquiries.keepingNothing(), clock),
                clock);
        var logEvents = new LogEvents(journal, logs);
        var statistics = new Statistics(store.statistics(), clock);
        scheduling = new Scheduling(
                store.schedules(),
                journal,
                id -> {},
                new CronUtils(),
                List.of(new Declared(
                        "debian-12", new Timing("0 3 * * 1", ZoneId.of("Europe/Berlin"), Duration.ZERO), "ifaas.yaml")),
                SchedulePolicy.defaults(),
                audit,
                clock);
        scheduling.follow(List.of(), Set.of());
        var check = new RequestCheck(
                new SampleImages(), hosts, registries, new ImagesToTest(Path.of("/nowhere")), Set.of("shipped"));
        var lists = new Lists(new SampleImages(), journal, store.requests(), scheduling, hostList, statistics);
        var reach = new Reach(
                build -> builds.find(build).map(found -> found.parameters().image()),
                host -> new Names("abc123")
                        .buildOf(host)
                        .flatMap(journal::find)
                        .map(found -> found.parameters().image()),
                new ImageNames(new SampleImages(), journal));
        var metrics = new Metrics(store.statistics(), artifacts, hosts, inquiries, sessions, "1", clock);
        var console = new Parts(
                        store,
                        new SampleImages(),
                        hosts,
                        registries,
                        artifacts,
                        builds,
                        check,
                        logs,
                        logEvents,
                        hostList,
                        publisher,
                        certification,
                        scheduling,
                        lists,
                        reach,
                        metrics,
                        inquiries,
                        Set.of("shipped"),
                        logins,
                        sessions,
                        List.of(
                                SettingView.byDefault("builds.parallel", "2"),
                                SettingView.given(
                                        "database.url", "jdbc:postgresql://db/ifaas?user=ifaas&password=hunter2")),
                        null,
                        METRICS_TOKEN,
                        "1",
                        clock)
                .console();
        var views = new Views(journal, store.requests(), artifacts, certification, (build, attempt, stage) -> null);
        tokens = new Tokens(store.tokens(), TokenPolicy.defaults(), audit, clock);
        api = Api.start(
                0,
                Callers.localAnd(API_TOKEN, "anna", tokens),
                reach,
                new KeptAnswers(store.answers(Duration.ofDays(1)), clock),
                Map.ofEntries(
                        Map.entry(
                                "/builds",
                                new BuildRoutes(
                                        builds,
                                        check,
                                        journal,
                                        logs,
                                        logEvents,
                                        views,
                                        new Differences(journal, artifacts),
                                        new Artifacts(journal, artifacts),
                                        (build, most) -> store.changes()
                                                .await(build, store.changes().seen(), most))),
                        Map.entry("/images", new ImageRoutes(lists, journal, Set.of("shipped"))),
                        Map.entry("/regions", new RegionRoutes(registries, new Inquiries<>(inquiries, clock))),
                        Map.entry("/hosts", new HostRoutes(hostList, lists)),
                        Map.entry("/publications", new PublicationRoutes(publisher, builds, journal, artifacts, views)),
                        Map.entry("/requests", new RequestRoutes(lists, publisher, builds, views)),
                        Map.entry("/certification", new CertificationRoutes(certification, builds, views)),
                        Map.entry("/releases", new ReleaseRoutes(journal, views, (folder, key) -> List.of(), builds)),
                        Map.entry("/schedules", new ScheduleRoutes(scheduling, lists)),
                        Map.entry("/audit", new AuditRoutes(audit)),
                        Map.entry("/metrics", new MetricsRoutes(metrics)),
                        Map.entry("/statistics", new StatisticsRoutes(lists)),
                        Map.entry("/console", new ConsoleRoutes(() -> "/", () -> "a new password", audit)),
                        Map.entry("/tokens", new TokenRoutes(tokens, registries, clock)),
                        Map.entry("", new SystemRoutes(() -> STATUS, cloud -> List.of(), out -> {}, () -> {}, audit))),
                Map.of(
                        "/hooks/git",
                        new HookRoutes(hookSecret(), () -> {}),
                        "/health",
                        new HealthRoutes(() -> databaseAnswers)),
                console::answer);
    }

    private Path hookSecret() {
        try {
            return Files.writeString(folder.resolve("hook-secret"), "known to both\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Account> people(String name, String password) {
        for (var role : Role.values()) {
            var own = role.name().toLowerCase(Locale.ROOT);
            if (name.equals(own) && password.equals(own + own)) {
                return Optional.of(new Account(own, Set.of(role)));
            }
        }
        return Optional.empty();
    }

    int port() {
        return api.port();
    }

    Browser browser() {
        return new Browser(port());
    }

    Browser signedIn(Role role) throws Exception {
        var browser = browser();
        var name = role.name().toLowerCase(Locale.ROOT);
        browser.signIn(name, name + name);
        return browser;
    }

    /** Nobody is reached. */
    private static final class NoRemote implements Remote {
        @Override
        public SshKey key(Path folder, String name, String comment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String commandLine(BuildHost host, SshKey userKey) {
            return "ssh -p " + host.port() + " root@" + host.address();
        }
    }

    @Override
    public void close() {
        api.close();
        store.close();
        Scratch.delete(folder);
    }
}
