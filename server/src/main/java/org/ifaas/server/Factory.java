package org.ifaas.server;

import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ifaas.api.StatusView;
import org.ifaas.factory.chore.Reaper;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.notify.Deliveries;
import org.ifaas.factory.notify.KeptHosts;
import org.ifaas.factory.notify.Notices;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Runner;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.ApprovalSigner;
import org.ifaas.factory.publish.Approvals;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.OwnRegions;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.retention.Retention;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.signing.Verifier;
import org.ifaas.factory.stage.ChangeCheck;
import org.ifaas.factory.stage.ImagesToTest;
import org.ifaas.factory.stage.InstanceTests;
import org.ifaas.factory.stage.Stages;
import org.ifaas.factory.suite.BaselineSuite;
import org.ifaas.openstack.doctor.CloudDoctor;
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
import org.ifaas.server.api.ImageRoutes;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.LogEvents;
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
import org.ifaas.server.login.AuditByToken;
import org.ifaas.server.login.LdapDirectory;
import org.ifaas.server.login.LdapPolicy;
import org.ifaas.server.login.LocalAdmin;
import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Sessions;
import org.ifaas.server.login.Tokens;
import org.ifaas.server.statistics.Metrics;
import org.ifaas.server.statistics.Statistics;
import org.ifaas.sources.RequestCheck;
import org.ifaas.store.Store;
import org.ifaas.store.log.PostgresLogs;
import org.ifaas.store.queue.Chore;
import org.ifaas.store.queue.SchedulerQueue;
import org.ifaas.store.schedule.CronUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running factory: its builds, its chores and its interface, over the ports that it is given. */
final class Factory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Factory.class);
    /** Of the builds that were found at the start, in each state, so many are named. */
    private static final int MOST_FOUND = 20;

    private final Config config;
    private final Home home;
    private final Store store;
    private final Stages.Ports ports;
    private final Names names;
    private final Builds builds;
    private final SchedulerQueue queue;
    private final PostgresLogs logs;
    private final Publisher publisher;
    private final Reaper reaper;
    private final Retention retention;
    private final Leftovers leftovers;
    private final Deliveries deliveries;
    private final KeptHosts keptHosts;
    private final Scheduling scheduling;
    private final Following following;
    private final Map<String, HttpService> services = new LinkedHashMap<>();
    private final Console console;
    private final LocalAdmin admin;
    private final Sessions sessions;
    private final Logins logins;
    private final Tokens tokens;
    private final Reach reach;
    private final List<String> found = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    /** Closed in this order: no more is asked for, and then what works lets go, while all that it works with is still there. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private volatile int port;
    private volatile long workedUntil = System.nanoTime();

    Factory(
            Config config,
            Home home,
            Store store,
            Stages.Ports ports,
            List<Channel> channels,
            Verifier verifier,
            ApprovalSigner approvals,
            Map<String, CloudDoctor> doctors,
            Set<String> trusted)
            throws IOException {
        this.config = config;
        this.home = home;
        this.store = store;
        this.ports = ports;
        this.names = new Names(home.factoryId());
        var clock = Clock.systemUTC();
        var journal = store.journal();
        var audit = new AuditByToken(store.audit());
        this.logs = store.logs(ports.store());
        var changes = new ChangeCheck(
                journal, ports.builders(), ports.mirrors(), config.policies().hosts(), ports.store(), Version.TEXT);
        var tests = new InstanceTests(
                ports.instances(),
                ports.registries(),
                ports.remote(),
                ports.repository(),
                ports.store(),
                new BaselineSuite(config.policies().tests(), clock),
                config.policies().hosts(),
                names,
                clock);
        Files.createDirectories(config.imagesToTest());
        var pipelines = Stages.pipelines(
                ports,
                logs,
                changes,
                tests,
                config.policies().hosts(),
                config.publication(),
                names,
                new ImagesToTest(config.imagesToTest()),
                journal,
                audit);
        Predicate<Parameters> own = ports.hosts()::needOwnMachine;
        var runner = new Runner(
                journal,
                logs,
                pipelines,
                config.policies().pipeline(),
                of -> own.test(of) ? home.folder("builds") : home.shared("builds"),
                clock);
        this.queue = store.queue(new NodeCarrier(runner, journal, own), config.parallelBuilds());
        this.builds = new Builds(journal, queue, pipelines, audit, clock);
        var check = new RequestCheck(ports.repository(), ports.hosts(), ports.registries(), trusted);
        var certification = new Certification(
                journal,
                store.confirmations(),
                store.requests(),
                ports.store(),
                config.publication(),
                audit,
                config.mostEvidenceBytes(),
                clock);
        this.publisher = new Publisher(
                store.requests(),
                new Approvals(store.requests(), journal, approvals, config.publication(), clock),
                certification,
                new OwnRegions(config.ownRegions(), ports.registries(), ports.measurer()),
                config.publication(),
                audit,
                clock);
        this.leftovers =
                new Leftovers(List.of(home.folder("builds"), home.shared("builds")), journal, ports.hosts(), names);
        this.reaper = new Reaper(
                journal, ports.hosts(), ports.instances(), ports.handovers(), ports.registries(), names, clock);
        this.retention = new Retention(
                store.outdated(),
                journal,
                logs,
                ports.store(),
                ports.registries(),
                audit,
                config.policies().retention(),
                clock);
        var notification = config.notification();
        var address = config.console().address();
        this.deliveries = new Deliveries(
                store.outbox(),
                new Notices(
                        journal,
                        logs,
                        store.requests(),
                        ports.repository(),
                        notification.operators(),
                        notification.policy(),
                        address == null ? null : address.toString()),
                channels,
                notification.policy(),
                clock);
        this.keptHosts = new KeptHosts(
                journal,
                ports.hosts(),
                names,
                store.outbox(),
                notification.policy().hostKept(),
                clock);
        this.scheduling = new Scheduling(
                store.schedules(),
                journal,
                queue,
                new CronUtils(),
                config.schedules(),
                config.schedulePolicy(),
                audit,
                clock);
        this.following = new Following(ports.repository(), scheduling);

        var views = new Views(
                journal,
                store.requests(),
                ports.store(),
                certification,
                (build, attempt, stage) -> logs.lastLine(build, attempt, stage).orElse(null));
        var logEvents = new LogEvents(journal, logs);
        var differences = new Differences(journal, ports.store());
        var hosts = new HostList(ports.hosts(), ports.remote(), journal, names, leftovers::remove, audit);
        var statistics = new Statistics(store.statistics(), clock);
        var lists = new Lists(ports.repository(), journal, store.requests(), scheduling, hosts, statistics);
        this.reach = new Reach(
                build -> builds.find(build).map(found -> found.parameters().image()),
                host -> names.buildOf(host)
                        .flatMap(journal::find)
                        .map(found -> found.parameters().image()));
        services.put(
                "/builds",
                new BuildRoutes(
                        builds,
                        check,
                        journal,
                        logs,
                        logEvents,
                        views,
                        differences,
                        new Artifacts(journal, ports.store()),
                        this::awaitChange));
        services.put("/images", new ImageRoutes(lists, journal, trusted));
        services.put("/regions", new RegionRoutes(ports.registries()));
        services.put("/hosts", new HostRoutes(hosts, lists));
        services.put("/requests", new RequestRoutes(lists, publisher, builds, views));
        services.put("/publications", new PublicationRoutes(publisher, builds, journal, ports.store(), views));
        services.put("/certification", new CertificationRoutes(certification, builds, views));
        services.put("/schedules", new ScheduleRoutes(scheduling, lists));
        services.put("/audit", new AuditRoutes(audit));
        services.put("/releases", new ReleaseRoutes(journal, views, verifier, builds));
        this.sessions = new Sessions(store.sessions(), config.console().login(), clock);
        this.admin = new LocalAdmin(
                store.localAccounts(),
                store.sessions(),
                store.loginFailures(),
                config.console().login(),
                clock);
        this.logins = new Logins(
                accounts(admin, config.console().ldap()),
                store.loginFailures(),
                config.console().login(),
                audit,
                clock,
                Thread::sleep);
        var metrics = new Metrics(store.statistics(), ports.store(), ports.hosts(), sessions, Version.TEXT, clock);
        this.console = new Parts(
                        store,
                        ports.repository(),
                        ports.hosts(),
                        ports.registries(),
                        ports.store(),
                        builds,
                        check,
                        logs,
                        logEvents,
                        hosts,
                        publisher,
                        certification,
                        scheduling,
                        lists,
                        reach,
                        metrics,
                        trusted,
                        logins,
                        sessions,
                        config.effective(),
                        config.console().address(),
                        config.console().metricsToken(),
                        Version.TEXT,
                        clock)
                .console();
        services.put("/statistics", new StatisticsRoutes(lists));
        this.tokens = new Tokens(store.tokens(), config.tokens(), audit, clock);
        services.put("/tokens", new TokenRoutes(tokens, ports.registries(), clock));
        services.put("/console", new ConsoleRoutes(this::consoleAddress, admin::newPassword, audit));
        services.put(
                "",
                new SystemRoutes(
                        this::status,
                        new Doctor(
                                ports,
                                config.policies().hosts(),
                                store.description(),
                                config.searchPath(),
                                doctors,
                                reaper::left,
                                retention,
                                approvals,
                                clock)::of,
                        store.backup()::backup,
                        this::stop,
                        audit));
    }

    /**
     * Listens, goes on with what was found, and takes builds.
     *
     * @param goWhenIdle whether it stops by itself when there has been no work for the configured time
     */
    void start(boolean goWhenIdle) throws IOException {
        leftovers.remove();
        find(BuildState.RUNNING, "was interrupted and goes on where it stopped");
        find(BuildState.QUEUED, "waits for its turn");
        found.forEach(LOG::info);
        open.addFirst(queue);
        queue.start();
        // Hosts on a node's machine, and its copies of repositories, are seen by that node alone.
        var here = config.shared().equals(config.home()) ? "" : " on " + home.node();
        var chores = store.chores(List.of(
                new Chore("remove what no build owns" + here, config.reaperEvery(), this::reap),
                new Chore("queue what a crash left out", config.reaperEvery(), queue::sweep),
                new Chore("remove what is over its time", config.retentionEvery(), retention::round),
                new Chore("compact logs that a crash left open", config.reaperEvery(), logs::closeAbandoned),
                new Chore("publish what is approved", config.reaperEvery(), this::publishApproved),
                new Chore("notice hosts that are kept too long" + here, config.reaperEvery(), keptHosts::round),
                new Chore("follow the definitions" + here, config.gitPoll(), following::now),
                new Chore("start scheduled builds", config.scheduleRound(), scheduling::round),
                new Chore("tell what has happened", config.notification().every(), this::deliver),
                new Chore("forget sessions and failed logins that are over", config.reaperEvery(), () -> {
                    sessions.removeExpired();
                    logins.forgetOldFailures();
                })));
        open.addFirst(chores);
        chores.start();
        var token = Home.newToken();
        var callers = Callers.localAnd(token, config.user(), tokens);
        var api = Api.start(
                new InetSocketAddress(config.listen(), config.port()),
                callers,
                reach,
                services,
                hooks(),
                console::answer,
                config.mostEvidenceBytes());
        open.addFirst(api);
        port = api.port();
        home.announce(address(), token, Version.TEXT);
        if (goWhenIdle) {
            Thread.ofVirtual().name("idle").start(() -> watchIdle(api, token));
        }
        LOG.info("ready at {}, {}", address(), store.description());
    }

    private void find(BuildState state, String what) {
        var which = BuildSelection.ALL.in(state);
        var builds = store.journal().list(which, MOST_FOUND);
        for (var build : builds.reversed()) {
            found.add("build " + build.id() + " of " + build.parameters().image() + " " + what);
        }
        long more = store.journal().count(which) - builds.size();
        if (more > 0) {
            found.add("and so do " + more + " more builds that are " + state);
        }
    }

    /** The local administrator gets in when the directory does not answer, too. */
    private static Accounts accounts(LocalAdmin admin, @Nullable LdapPolicy ldap) throws IOException {
        return ldap == null ? admin : Accounts.anyOf(List.of(admin, new LdapDirectory(ldap)));
    }

    private Map<String, HttpService> hooks() {
        var secret = config.gitHookSecret();
        var health = new HealthRoutes(this::databaseAnswers);
        return secret == null
                ? Map.of("/health", health)
                : Map.of("/health", health, "/hooks/git", new HookRoutes(secret, following::soon));
    }

    private boolean databaseAnswers() {
        try {
            store.journal().count(BuildSelection.ALL.in(BuildState.RUNNING));
            return true;
        } catch (JournalAway e) {
            return false;
        }
    }

    /** Where a browser finds the console. */
    String consoleAddress() {
        var address = config.console().address();
        return (address == null ? address() : address) + "/";
    }

    /** Where this machine's programs find it. */
    private String address() {
        var listen = config.listen();
        var host = listen.isAnyLocalAddress() ? "127.0.0.1" : listen.getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** The administrator's password, the first time that somebody keeps a factory running; empty later. */
    Optional<String> firstPassword() {
        return admin.firstPassword();
    }

    private void reap() {
        try {
            reaper.round();
            leftovers.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver() {
        try {
            deliveries.round();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publishApproved() {
        try {
            publisher.approveByPolicy();
            publisher.publishApproved();
        } catch (StageFailure e) {
            LOG.warn("publishing: {} {}", e.getMessage(), e.mend());
        }
    }

    private void awaitChange(BuildId build, Duration most) throws InterruptedException {
        var changes = store.changes();
        changes.await(build, changes.seen(), most);
    }

    private StatusView status() {
        var journal = store.journal();
        return new StatusView(
                Version.TEXT,
                config.home().toString(),
                store.description(),
                (int) journal.count(BuildSelection.ALL.in(BuildState.RUNNING)),
                (int) journal.count(BuildSelection.ALL.in(BuildState.QUEUED)),
                config.parallelBuilds(),
                List.copyOf(found));
    }

    /** Before it goes nobody finds it any more for a moment: who had found it before is answered, and then it stays. */
    private void watchIdle(Api api, String token) {
        try {
            while (!stop.await(1, TimeUnit.SECONDS)) {
                if (!isIdle(api)) {
                    continue;
                }
                home.withdraw();
                if (!stop.await(1, TimeUnit.SECONDS) && isIdle(api)) {
                    LOG.info("no work for {}: the factory goes", config.idleAfter());
                    stop();
                    return;
                }
                home.announce(address(), token, Version.TEXT);
            }
        } catch (IOException e) {
            LOG.error("the factory can't be found any more, and goes", e);
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isIdle(Api api) {
        try {
            var journal = store.journal();
            boolean works = Stream.of(BuildState.RUNNING, BuildState.QUEUED)
                    .anyMatch(state ->
                            !journal.list(BuildSelection.ALL.in(state), 1).isEmpty());
            if (works || hostsAreKept()) {
                workedUntil = System.nanoTime();
            }
        } catch (JournalAway e) {
            return false; // nobody knows what there is to do
        }
        return Math.min(System.nanoTime() - workedUntil, api.idleNanos())
                > config.idleAfter().toNanos();
    }

    /** A factory that keeps a host stays, so that the host goes on time. */
    private boolean hostsAreKept() {
        try {
            for (var provider : ports.hosts().usedBy(null)) {
                if (!provider.list().isEmpty()) {
                    return true;
                }
            }
        } catch (StageFailure e) {
            LOG.warn("hosts of this machine: {} {}", e.getMessage(), e.mend());
        }
        // Clouds are looked at by the reaper, and not every second.
        return reaper.holdsInClouds();
    }

    void stop() {
        stop.countDown();
    }

    void awaitStop() throws InterruptedException {
        stop.await();
    }

    @Override
    public void close() throws IOException {
        for (var part : open) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("stopping: {}", e.toString());
            }
        }
    }
}
