package org.ifaas.server;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ifaas.api.StatusView;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.JournalAway;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.ApprovalSigner;
import org.ifaas.factory.signing.Verifier;
import org.ifaas.factory.stage.Stages;
import org.ifaas.openstack.doctor.CloudDoctor;
import org.ifaas.server.api.Api;
import org.ifaas.server.api.AuditOnce;
import org.ifaas.server.login.AuditByToken;
import org.ifaas.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running factory: its engine, its upkeep and its interface, from the start to the stop. */
final class Factory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Factory.class);
    /** Of the builds that were found at the start, in each state, so many are named. */
    private static final int MOST_FOUND = 20;

    private final Config config;
    private final Home home;
    private final Store store;
    private final Stages.Ports ports;
    private final Engine engine;
    private final Upkeep upkeep;
    private final Interface face;
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
        var on = new Premises(
                config,
                home,
                store,
                ports,
                trusted,
                new Names(home.factoryId()),
                new AuditByToken(new AuditOnce(store.audit())),
                Clock.systemUTC());
        this.engine = Engine.on(on, approvals);
        this.upkeep = Upkeep.of(engine, on, channels);
        var doctor = new Doctor(
                ports,
                config.policies().hosts(),
                store.doctor()::checks,
                config.home(),
                config.searchPath(),
                doctors,
                upkeep.reaper()::left,
                upkeep.retention(),
                approvals,
                on.clock());
        var control = new Interface.Control(this::consoleAddress, this::status, this::stop);
        this.face = new Interface(on, engine, upkeep, verifier, doctor, control);
    }

    /**
     * Listens, goes on with what was found, and takes builds.
     *
     * @param goWhenIdle whether it stops by itself when there has been no work for the configured time
     */
    void start(boolean goWhenIdle) throws IOException {
        upkeep.leftovers().remove();
        find(BuildState.RUNNING, "was interrupted and goes on where it stopped");
        find(BuildState.QUEUED, "waits for its turn");
        found.forEach(LOG::info);
        open.addFirst(engine.queue());
        engine.queue().start();
        var chores = store.chores(upkeep.chores(face.chores()));
        open.addFirst(chores);
        chores.start();
        var token = Home.newToken();
        var api = face.start(token);
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
        return face.firstPassword();
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
        return upkeep.reaper().holdsInClouds();
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
