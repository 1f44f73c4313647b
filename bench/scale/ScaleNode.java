package org.ifaas.server;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.builders.ScriptBuilder;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.ifaas.factory.stage.Stages;
import org.ifaas.hosts.qemu.QemuPolicy;
import org.ifaas.hosts.qemu.QemuTestInstances;
import org.ifaas.hosts.qemu.Accelerator;
import org.ifaas.hosts.ssh.SshRemote;
import org.ifaas.mail.MailFolder;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaHosts;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.release.approval.KeyApprovals;
import org.ifaas.release.attest.ReleaseAttester;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.qcow2.Qcow2Files;
import org.ifaas.release.qcow2.QemuConverter;
import org.ifaas.release.seal.ReleaseSealer;
import org.ifaas.release.verify.CustomerVerifier;
import org.ifaas.sources.GitRepositories;
import org.ifaas.sources.ShippedImages;
import org.ifaas.storage.DirectoryStore;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.sql.Database;
import java.util.Optional;
import org.ifaas.hosts.qemu.Accelerators;

/**
 * One node: {@code ScaleNode HOME PRODUCT DATABASE IMAGE SECONDS}. The factory as {@link Main} composes it, for the clouds of
 * its configuration, but for the mirrors of packages and the way to its hosts. At each line of standard input it prints its CPU
 * seconds, its heap in MiB, before and after a collection, and its threads.
 */
final class ScaleNode {
    private ScaleNode() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var product = Path.of(arguments[1]);
        var config = Config.read(new Config.Arguments(folder, product, null, arguments[2], 0));
        try (var home = Home.open(folder, config.shared())) {
            var policies = config.policies();
            var database = new Database.Served(arguments[2], null, null);
            try (var store = Store.open(
                            StoreConfig.of(database, home.node(), policies.queue(), policies.logs()),
                            Stages.FACTS,
                            Clock.systemUTC());
                    var remote = new SshRemote(policies.ssh());
                    var factory = new Factory(
                            config,
                            home,
                            store,
                            ports(
                                    config,
                                    home,
                                    store,
                                    new SimulatedHosts(
                                            remote,
                                            Files.readAllBytes(Path.of(arguments[3])),
                                            Integer.parseInt(arguments[4]))),
                            List.of(new MailFolder(home.shared("mail"), "bench@example.org", home.factoryId())),
                            new CustomerVerifier(),
                            new KeyApprovals(signer(SigningKeyPolicy.APPROVAL, config.approvalKey(), home), Clock.systemUTC()),
                            Map.of(),
                            Set.of(ShippedImages.NAME))) {
                factory.start(false);
                System.out.println("ready");
                report();
                home.withdraw();
            }
        }
        System.exit(0);
    }

    private static void report() throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var memory = ManagementFactory.getMemoryMXBean();
        while (in.readLine() != null) {
            long now = memory.getHeapMemoryUsage().getUsed();
            memory.gc();
            System.out.printf(
                    "%.2f %d %d %d%n",
                    system.getProcessCpuTime() / 1e9,
                    now >> 20,
                    memory.getHeapMemoryUsage().getUsed() >> 20,
                    ManagementFactory.getThreadMXBean().getThreadCount());
        }
    }

    private static OpenPgpSigner signer(String name, Config.SigningKey key, Home home) {
        return new OpenPgpSigner(
                new SigningKeyPolicy(
                        name,
                        home.shared("keys"),
                        key.userId(),
                        Optional.empty(),
                        Optional.empty(),
                        key.lifetime(),
                        key.expiryMargin()),
                Clock.systemUTC());
    }

    private static Stages.Ports ports(Config config, Home home, Store store, SimulatedHosts hosts) throws Exception {
        var names = new Names(home.factoryId());
        var registries = new ArrayList<Registry>();
        var providers = new ArrayList<HostProvider>();
        var instances = new ArrayList<TestInstances>();
        instances.add(new QemuTestInstances(
                home.folder("instances"),
                () -> new Accelerators.Verdict(Accelerator.TCG, "not asked", ""),
                QemuPolicy.defaults(),
                Clock.systemUTC()));
        for (var cloud : config.clouds()) {
            var client = new CloudClient(cloud.cloud(), config.policies().clouds(), Clock.systemUTC(), Pause.REAL);
            for (var region : cloud.regions()) {
                registries.add(new GlanceRegion(
                        cloud.region(region),
                        client.service("image", region),
                        home.factoryId(),
                        GlancePolicy.defaults(),
                        Pause.REAL));
            }
            instances.add(new NovaTestInstances(client, cloud.placement(), names, Pause.REAL, Clock.systemUTC()));
            providers.add(new NovaHosts(client, cloud.placement(), names, Pause.REAL, Clock.systemUTC()));
        }
        var signer = signer(SigningKeyPolicy.RELEASE, config.signingKey(), home);
        var measurer = new ParallelMeasurer();
        var auditor = new HashdeepAuditor(measurer);
        var git = config.policies().git();
        return new Stages.Ports(
                new GitRepositories(
                        List.of(ShippedImages.in(config.product(), home.folder("repositories"), git)),
                        home.folder("repositories"),
                        git,
                        Clock.systemUTC()),
                new OneMirror(),
                new BuildHosts(providers),
                hosts,
                new Builders(List.of(new ScriptBuilder())),
                Handovers.overSsh(),
                new Instances(instances),
                new Registries(registries),
                new DirectoryStore(config.store(), config.policies().store(), Clock.systemUTC()),
                new Qcow2Files(),
                new QemuConverter(),
                measurer,
                signer,
                new ReleaseAttester(home.factoryId(), Version.TEXT),
                new ReleaseSealer(signer, auditor, measurer),
                auditor,
                store.requests());
    }

    /** Where nothing ever changes. */
    private static final class OneMirror implements Mirrors {
        private static final AptSource SOURCE =
                new AptSource("http://mirror.example.org/debian", "bookworm", List.of("main"));

        @Override
        public List<AptSource> sources(String distro, String codename) {
            return List.of(SOURCE);
        }

        @Override
        public List<MirrorState> state(List<AptSource> sources) {
            return List.of(new MirrorState(SOURCE, "0".repeat(64), Instant.parse("2026-11-01T00:00:00Z")));
        }

        @Override
        public Offer offer(List<AptSource> sources, String architecture, Set<String> packages) {
            return new Offer(state(sources), Map.of("busybox", "1:1.35.0-4"));
        }
    }
}
