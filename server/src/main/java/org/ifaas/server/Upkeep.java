package org.ifaas.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.chore.Reaper;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.notify.Deliveries;
import org.ifaas.factory.notify.KeptHosts;
import org.ifaas.factory.notify.Notices;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.retention.Retention;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.store.queue.Chore;
import org.ifaas.store.schedule.CronUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done again and again, whether or not anybody asks. */
record Upkeep(
        Premises on,
        Engine engine,
        Reaper reaper,
        Retention retention,
        Leftovers leftovers,
        Deliveries deliveries,
        KeptHosts keptHosts,
        Scheduling scheduling,
        Following following) {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** A round that waits for others. */
    private interface Round {
        void go() throws InterruptedException;
    }

    static Upkeep of(Engine engine, Premises on, List<Channel> channels) throws IOException {
        var config = on.config();
        var ports = on.ports();
        var store = on.store();
        var journal = store.journal();
        var clock = on.clock();
        var notification = config.notification();
        var address = config.console().address();
        var notices = new Notices(
                journal,
                engine.logs(),
                store.requests(),
                ports.repository(),
                notification.operators(),
                notification.policy(),
                address == null ? null : address.toString());
        var scheduling = new Scheduling(
                store.schedules(),
                journal,
                engine.queue(),
                new CronUtils(),
                config.schedules(),
                config.schedulePolicy(),
                on.audit(),
                clock);
        return new Upkeep(
                on,
                engine,
                new Reaper(
                        journal,
                        ports.hosts(),
                        ports.instances(),
                        ports.handovers(),
                        ports.registries(),
                        store.requests(),
                        on.names(),
                        clock),
                new Retention(
                        store.outdated(),
                        journal,
                        engine.logs(),
                        ports.store(),
                        ports.registries(),
                        on.audit(),
                        config.policies().retention(),
                        clock),
                new Leftovers(
                        List.of(on.home().folder("builds"), on.home().shared("builds")),
                        journal,
                        ports.hosts(),
                        on.names()),
                new Deliveries(store.outbox(), notices, channels, notification.policy(), clock),
                new KeptHosts(
                        journal,
                        ports.hosts(),
                        on.names(),
                        store.outbox(),
                        notification.policy().hostKept(),
                        clock),
                scheduling,
                new Following(ports.repository(), scheduling));
    }

    /** @param more of who else has something to keep up */
    List<Chore> chores(List<Chore> more) throws IOException {
        var config = on.config();
        // Hosts on a node's machine, and its copies of repositories, are seen by that node alone.
        var node = on.home().nodeOfSeveral();
        var here = node == null ? "" : " on " + node;
        var chores = new ArrayList<>(List.of(
                new Chore("remove what no build owns" + here, config.reaperEvery(), () -> untilStopped(this::reap)),
                new Chore("queue what a crash left out", config.reaperEvery(), engine.queue()::sweep),
                new Chore("remove what is over its time", config.retentionEvery(), retention::round),
                new Chore("compact logs that a crash left open", config.reaperEvery(), engine.logs()::closeAbandoned),
                new Chore("publish what is approved", config.reaperEvery(), this::publishApproved),
                new Chore("notice hosts that are kept too long" + here, config.reaperEvery(), keptHosts::round),
                new Chore("follow the definitions" + here, config.gitPoll(), following::now),
                new Chore("start scheduled builds", config.scheduleRound(), scheduling::round)));
        for (var channel : deliveries.channels()) {
            chores.add(new Chore(
                    "tell what has happened by " + channel,
                    config.notification().every(),
                    () -> untilStopped(() -> deliveries.round(channel))));
        }
        chores.addAll(more);
        return chores;
    }

    private static void untilStopped(Round round) {
        try {
            round.go();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reap() throws InterruptedException {
        reaper.round();
        leftovers.remove();
    }

    private void publishApproved() {
        try {
            engine.publisher().approveByPolicy();
            engine.publisher().publishApproved();
        } catch (StageFailure e) {
            LOG.warn("publishing: {} {}", e.getMessage(), e.mend());
        }
    }
}
