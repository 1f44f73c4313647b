package org.ifaas.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.pipeline.Policy;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.retention.RetentionPolicy;
import org.ifaas.factory.stage.HostPolicy;
import org.ifaas.factory.suite.SuitePolicy;
import org.ifaas.hosts.container.ContainerPolicy;
import org.ifaas.hosts.qemu.QemuPolicy;
import org.ifaas.hosts.root.RootPolicy;
import org.ifaas.hosts.ssh.SshPolicy;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.sources.AptPolicy;
import org.ifaas.sources.GitPolicy;
import org.ifaas.sources.GitServers;
import org.ifaas.storage.StorePolicy;
import org.ifaas.store.log.LogPolicy;
import org.ifaas.store.queue.QueuePolicy;

/** The policies of all rooms, as the configuration has them. What it does not name is as the room has it by default. */
record Policies(
        Policy pipeline,
        QueuePolicy queue,
        LogPolicy logs,
        SuitePolicy tests,
        HostPolicy hosts,
        RootPolicy roots,
        ContainerPolicy containers,
        QemuPolicy qemu,
        SshPolicy ssh,
        GitPolicy git,
        AptPolicy mirrors,
        StorePolicy store,
        RetentionPolicy retention,
        ClientPolicy clouds) {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    static Policies read(Settings settings) {
        return new Policies(
                pipeline(settings),
                queue(settings),
                logs(settings),
                tests(settings),
                hosts(settings),
                roots(settings),
                containers(settings),
                qemu(settings),
                ssh(settings),
                git(settings),
                mirrors(settings),
                store(settings),
                retention(settings),
                clouds(settings));
    }

    private static Policy pipeline(Settings settings) {
        var defaults = Policy.defaults();
        var limits = new EnumMap<StageName, Duration>(StageName.class);
        for (var stage : StageName.values()) {
            limits.put(stage, settings.duration("limits." + stage.slug(), defaults.limit(stage)));
        }
        return new Policy(
                settings.number("builds.attempts", defaults.attempts(), 1, 10),
                settings.duration("builds.pause", defaults.pause()),
                limits,
                settings.duration("builds.grace", defaults.grace()),
                settings.duration("builds.check", defaults.check()));
    }

    private static QueuePolicy queue(Settings settings) {
        var defaults = QueuePolicy.defaults();
        return new QueuePolicy(
                settings.duration("builds.heartbeat", defaults.heartbeat()),
                settings.number("builds.heartbeats_missed", defaults.missed(), 4, 100),
                settings.duration("builds.polling", defaults.polling()),
                settings.duration("builds.look_for_room", defaults.room()),
                settings.duration("builds.wait_for_node", defaults.node()),
                settings.duration("builds.retry_after_trouble", defaults.retry()),
                settings.duration("builds.stop", defaults.stop()));
    }

    private static LogPolicy logs(Settings settings) {
        var defaults = LogPolicy.defaults();
        return new LogPolicy(
                (int) settings.size("logs.line", defaults.lineBytes(), 80, LogPolicy.MOST_LINE),
                settings.size("logs.stage", defaults.stageBytes(), 64 * KIB, 16 * GIB),
                settings.duration("logs.flush_every", defaults.flushEvery()));
    }

    private static SuitePolicy tests(Settings settings) {
        var defaults = SuitePolicy.defaults();
        return new SuitePolicy(
                settings.duration("tests.script_limit", defaults.scriptLimit()),
                settings.duration("tests.settle_limit", defaults.settleLimit()),
                settings.number("tests.most_patience", defaults.mostPatience(), 1, 100),
                (int) settings.size("tests.output", defaults.outputBytes(), KIB, 64 * MIB));
    }

    private static HostPolicy hosts(Settings settings) {
        var defaults = HostPolicy.defaults();
        return new HostPolicy(
                new HostPolicy.HostOs(
                        settings.text("hosts.os", defaults.os().name()),
                        defaults.os().distro(),
                        settings.text("hosts.codename", defaults.os().codename())),
                settings.number("hosts.cpus", defaults.cpus(), 1, 256),
                settings.number("hosts.memory_mib", defaults.memoryMiB(), 512, 1 << 20),
                settings.number("hosts.disk_gib", defaults.diskGiB(), 1, 1 << 16),
                settings.duration("hosts.ssh_patience", defaults.sshPatience()),
                settings.number("hosts.instance_cpus", defaults.instanceCpus(), 1, 64));
    }

    private static RootPolicy roots(Settings settings) {
        var defaults = RootPolicy.defaults();
        return new RootPolicy(
                settings.number("hosts.roots.keep", defaults.keep(), 1, 1000),
                settings.duration("hosts.roots.renewal", defaults.renewal()),
                settings.duration("hosts.roots.limit", defaults.limit()),
                settings.size("hosts.roots.packages", defaults.packageCacheBytes(), 0, 1024 * GIB));
    }

    private static ContainerPolicy containers(Settings settings) {
        var defaults = ContainerPolicy.defaults();
        return new ContainerPolicy(
                settings.duration("hosts.container.start", defaults.start()),
                settings.duration("hosts.container.end", defaults.end()),
                settings.number("hosts.container.processes", defaults.processes(), 64, 1 << 22),
                null);
    }

    private static QemuPolicy qemu(Settings settings) {
        var defaults = QemuPolicy.defaults();
        var launcher = settings.texts("hosts.qemu.launcher");
        return new QemuPolicy(
                settings.text("hosts.qemu.program", defaults.qemu()),
                settings.text("hosts.qemu.sandbox", defaults.sandbox()),
                launcher,
                defaults.firmware(),
                settings.duration("hosts.qemu.kvm_deadline", defaults.kvmDeadline()),
                settings.duration("hosts.qemu.start_deadline", defaults.startDeadline()),
                settings.number("hosts.qemu.tcg_patience", defaults.tcgPatience(), 1, 100),
                Path.of(settings.text(
                                "hosts.qemu.work_area", defaults.workArea().toString()))
                        .toAbsolutePath(),
                settings.duration("hosts.roots.renewal", defaults.rootAge()),
                settings.number("hosts.roots.keep", defaults.rootsKept(), 1, 1000),
                settings.duration("hosts.roots.limit", defaults.rootLimit()),
                flavors(settings));
    }

    private static Map<String, HostSize> flavors(Settings settings) {
        var flavors = new TreeMap<String, HostSize>();
        for (var entry : settings.entries("flavors", Set.of("name", "vcpus", "ram_mib", "disk_gib"))) {
            var name = entry.getOrDefault("name", "");
            var numbers = Stream.of("vcpus", "ram_mib", "disk_gib")
                    .map(field -> entry.getOrDefault(field, ""))
                    .toList();
            if (name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
                    && !flavors.containsKey(name)
                    && numbers.stream().allMatch(number -> number.matches("[1-9][0-9]{0,6}"))) {
                var each = numbers.stream().map(Integer::valueOf).toList();
                flavors.put(name, new HostSize(each.getFirst(), each.get(1), each.getLast()));
            } else {
                settings.error(
                        "flavors",
                        entry,
                        "a flavor with a name of its own, of letters, digits, dots, _ and -, and with vcpus, ram_mib and"
                                + " disk_gib as whole numbers");
            }
        }
        return flavors;
    }

    private static SshPolicy ssh(Settings settings) {
        var defaults = SshPolicy.defaults();
        return new SshPolicy(
                settings.duration("ssh.attempt", defaults.attempt()),
                settings.duration("ssh.keep_alive", defaults.keepAlive()),
                settings.number("ssh.keep_alive_missed", defaults.keepAliveMissed(), 1, 1000),
                settings.duration("ssh.reconnect", defaults.reconnect()),
                settings.duration("ssh.grace", defaults.grace()),
                defaults.lineLimit(),
                defaults.readLimit(),
                settings.size("ssh.output", defaults.followLimit(), MIB, 1024 * GIB));
    }

    private static GitPolicy git(Settings settings) {
        var defaults = GitPolicy.defaults();
        return new GitPolicy(
                settings.duration("git.fetch_limit", defaults.fetchLimit()),
                settings.duration("git.command_limit", defaults.commandLimit()),
                settings.duration("git.fresh", defaults.fresh()),
                settings.size("git.file", defaults.mostFileBytes(), KIB, GIB),
                settings.size("git.bundle", defaults.mostBundleBytes(), MIB, 1024 * GIB),
                gitServers(settings));
    }

    private static GitServers gitServers(Settings settings) {
        var defaults = GitServers.defaults();
        var hosts = Set.copyOf(settings.texts("git.hosts"));
        var protocols = Set.copyOf(settings.texts("git.protocols"));
        var known = settings.textOrNull("git.known_hosts_file");
        var authorities = settings.textOrNull("git.ca_file");
        if (!GitServers.ALL_PROTOCOLS.containsAll(protocols)) {
            settings.error("git.protocols", protocols, "a list of any of " + new TreeSet<>(GitServers.ALL_PROTOCOLS));
        }
        try {
            return new GitServers(
                    hosts,
                    protocols.isEmpty() ? defaults.protocols() : protocols,
                    known == null ? null : Path.of(known),
                    authorities == null ? null : Path.of(authorities));
        } catch (IllegalArgumentException e) {
            settings.problem("git.known_hosts_file, git.ca_file: " + e.getMessage());
            return defaults;
        }
    }

    private static AptPolicy mirrors(Settings settings) {
        var defaults = AptPolicy.defaults();
        var base = settings.textOrNull("mirrors.debian");
        var security = settings.textOrNull("mirrors.debian_security");
        var limit = settings.duration("mirrors.limit", defaults.limit());
        try {
            return new AptPolicy(
                    base == null ? Map.of() : Map.of("debian", new AptPolicy.Archive(base, security)),
                    defaults.components(),
                    defaults.keyrings(),
                    limit,
                    defaults.mostReleaseBytes(),
                    defaults.mostIndexBytes());
        } catch (IllegalArgumentException e) {
            settings.error("mirrors.debian", String.valueOf(base), "a mirror: " + e.getMessage());
            return defaults;
        }
    }

    private static ClientPolicy clouds(Settings settings) {
        var defaults = ClientPolicy.defaults();
        return new ClientPolicy(
                settings.duration("openstack.connect", defaults.connect()),
                settings.duration("openstack.answer", defaults.answer()),
                settings.duration("openstack.stall", defaults.stall()),
                settings.number("openstack.attempts", defaults.attempts(), 1, 100),
                settings.duration("openstack.pause", defaults.pause()),
                settings.duration("openstack.longest_pause", defaults.longestPause()),
                settings.duration("openstack.renew_before", defaults.renewBefore()));
    }

    private static RetentionPolicy retention(Settings settings) {
        var defaults = RetentionPolicy.defaults();
        return new RetentionPolicy(
                settings.flag("retention.enabled", defaults.enabled()),
                settings.duration("retention.logs", defaults.logs()),
                settings.duration("retention.failed", defaults.failed()),
                settings.duration("retention.unpublished", defaults.unpublished()),
                settings.number("retention.keep", defaults.keep(), 1, 10_000),
                settings.number("retention.round", defaults.round(), 1, 10_000));
    }

    private static StorePolicy store(Settings settings) {
        var defaults = StorePolicy.defaults();
        return new StorePolicy(
                settings.duration("store.leftover", defaults.leftover()),
                settings.size("store.reserve", defaults.reserve(), 0, 1024 * GIB));
    }
}
