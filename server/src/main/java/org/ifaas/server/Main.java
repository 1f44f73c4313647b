package org.ifaas.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ifaas.builders.DiskImageBuilder;
import org.ifaas.builders.ImportBuilder;
import org.ifaas.builders.KiwiBuilder;
import org.ifaas.builders.MmdebstrapBuilder;
import org.ifaas.builders.ScriptBuilder;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.stage.Stages;
import org.ifaas.hosts.container.ContainerHosts;
import org.ifaas.hosts.qemu.BootRoots;
import org.ifaas.hosts.qemu.KvmProbe;
import org.ifaas.hosts.qemu.ProbeKernel;
import org.ifaas.hosts.qemu.QemuHosts;
import org.ifaas.hosts.qemu.QemuTestInstances;
import org.ifaas.hosts.root.HostRoots;
import org.ifaas.hosts.ssh.SshRemote;
import org.ifaas.mail.MailFolder;
import org.ifaas.mail.Smtp;
import org.ifaas.mail.webhook.Webhook;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.doctor.CloudDoctor;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaHosts;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.release.approval.KeyApprovals;
import org.ifaas.release.attest.ReleaseAttester;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.GpgPolicy;
import org.ifaas.release.openpgp.GpgSigner;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.qcow2.Qcow2Files;
import org.ifaas.release.qcow2.QemuConverter;
import org.ifaas.release.seal.ReleaseSealer;
import org.ifaas.release.verify.CustomerVerifier;
import org.ifaas.server.login.LocalAdmin;
import org.ifaas.sources.AptMirrors;
import org.ifaas.sources.GitRepositories;
import org.ifaas.sources.GitRepository;
import org.ifaas.sources.ShippedImages;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.DirectoryStore;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: the only place that constructs adapters. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final Duration WEBHOOK_PATIENCE = Duration.ofSeconds(15);

    private Main() {}

    public static void main(String[] words) {
        var all = List.of(words);
        boolean publisher = !all.isEmpty() && all.getFirst().equals("publisher");
        System.exit(publisher ? PublisherProcess.run(all.subList(1, all.size())) : run(all));
    }

    /** @return the exit code: 0 well, 2 bad input, 3 the factory could not start */
    private static int run(List<String> words) {
        try {
            var arguments = Arguments.read(words, defaultHome());
            var product = Path.of(System.getProperty("ifaas.root", "."));
            var with = StartedWith.of(arguments.home()).and(arguments.databaseUrl(), arguments.config());
            var config = Config.read(
                    new Config.Arguments(arguments.home(), product, with.config(), with.database(), arguments.port()));
            try (var home = Home.open(arguments.home(), config.shared())) {
                with.write(arguments.home());
                return switch (arguments.command()) {
                    case "restore" -> restore(config, home, Path.of(String.valueOf(arguments.file())));
                    default -> serve(config, home, arguments);
                };
            }
        } catch (IllegalArgumentException | Config.Invalid e) {
            System.err.println("ifaas: " + e.getMessage());
            return 2;
        } catch (StoreFailure e) {
            LOG.debug("start", e);
            System.err.println("ifaas: " + e.getMessage() + ". " + e.mend());
            return 3;
        } catch (Home.Busy | IOException e) {
            LOG.debug("start", e);
            System.err.println("ifaas: " + e.getMessage());
            return 3;
        } catch (InterruptedException e) {
            return 3;
        }
    }

    private static Path defaultHome() {
        return Path.of(
                System.getProperty("user.name", "").equals("root")
                        ? "/var/lib/ifaas"
                        : System.getProperty("user.home") + "/.local/share/ifaas");
    }

    private static int serve(Config config, Home home, Arguments arguments) throws IOException, InterruptedException {
        var repositories = repositories(config, home);
        var trusted = repositories.stream()
                .filter(GitRepository::trusted)
                .map(GitRepository::name)
                .collect(Collectors.toSet());
        var closed = new CountDownLatch(1);
        var clouds = clouds(config, home);
        try (var store = Store.open(storeConfig(config, home), Stages.FACTS, Clock.systemUTC());
                var remote = new SshRemote(config.policies().ssh());
                var factory = new Factory(
                        config,
                        home,
                        store,
                        ports(config, home, store, remote, repositories, clouds),
                        channels(config.notification(), home),
                        new CustomerVerifier(),
                        new KeyApprovals(
                                signer(SigningKeyPolicy.APPROVAL, config.approvalKey(), home), Clock.systemUTC()),
                        clouds.doctors(),
                        trusted)) {
            factory.start(arguments.idleExit());
            if (arguments.command().equals("serve") && !arguments.idleExit()) {
                welcome(factory, arguments.home());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(factory, closed)));
            if (arguments.command().equals("train")) {
                factory.stop();
            }
            factory.awaitStop();
            home.withdraw();
            return 0;
        } finally {
            closed.countDown();
        }
    }

    /** For whoever keeps a factory running; one that was started for a command goes with it. A log never has the password. */
    private static void welcome(Factory factory, Path home) {
        var makesAnother = System.getProperty("ifaas.command", "ifaas") + " console --new-password"
                + (home.equals(defaultHome()) ? "" : " --home " + home);
        System.out.println("The console is at " + factory.consoleAddress());
        var terminal = System.console();
        if (terminal != null && terminal.isTerminal()) {
            factory.firstPassword()
                    .ifPresent(first -> System.out.println("Sign in as " + LocalAdmin.NAME + " with the password "
                            + first + "\nIt is not shown again; this makes another: " + makesAnother));
        } else {
            System.out.println("A password for " + LocalAdmin.NAME + " is made by: " + makesAnother);
        }
    }

    /** Waits for what {@link #serve} closes and not for its thread, which itself waits for the end of the shutdown. */
    private static void stop(Factory factory, CountDownLatch closed) {
        factory.stop();
        try {
            if (!closed.await(20, TimeUnit.SECONDS)) {
                LOG.warn("the factory goes without having closed everything");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int restore(Config config, Home home, Path file) throws IOException {
        try (var store = Store.open(storeConfig(config, home), Stages.FACTS, Clock.systemUTC());
                var in = Files.newInputStream(file)) {
            store.backup().restore(in);
            System.out.println("restored from " + file);
            return 0;
        }
    }

    private static StoreConfig storeConfig(Config config, Home home) throws IOException {
        var database = config.databaseUrl() == null
                ? new Database.Embedded(home.folder("database"), home.folder("postgresql"))
                : new Database.Served(config.databaseUrl(), null, null);
        return StoreConfig.of(
                database,
                home.node(),
                config.policies().queue(),
                config.policies().logs());
    }

    private static List<GitRepository> repositories(Config config, Home home) throws IOException, InterruptedException {
        return config.repositories().isEmpty()
                ? List.of(ShippedImages.in(
                        config.product(),
                        home.folder("repositories"),
                        config.policies().git()))
                : config.repositories();
    }

    private static Stages.Ports ports(
            Config config, Home home, Store store, SshRemote remote, List<GitRepository> repositories, Clouds clouds)
            throws IOException {
        var signer = signer(SigningKeyPolicy.RELEASE, config.signingKey(), home);
        var measurer = new ParallelMeasurer();
        var auditor = new HashdeepAuditor(measurer);
        var policies = config.policies();
        var qemu = policies.qemu();
        var kvm = new KvmProbe(
                home.folder("kvm"),
                new ProbeKernel(home.folder("kvm"), List.of(Path.of("/boot"), home.folder("roots/qemu"))),
                qemu);
        var containers = config.packageCache()
                ? policies.containers().withCache(Files.createDirectories(home.folder("cache/packages")))
                : policies.containers();
        var hosts = new ArrayList<HostProvider>();
        hosts.add(new ContainerHosts(
                home.folder("hosts/container"),
                new HostRoots(home.folder("roots/container"), policies.roots(), Clock.systemUTC()),
                containers,
                Clock.systemUTC()));
        hosts.add(new QemuHosts(
                home.folder("hosts/qemu"),
                new BootRoots(home.folder("roots/qemu"), qemu, Clock.systemUTC()),
                kvm,
                qemu,
                Clock.systemUTC()));
        hosts.addAll(clouds.hosts());
        var instances = new ArrayList<TestInstances>();
        instances.add(new QemuTestInstances(home.folder("instances"), kvm, qemu, Clock.systemUTC()));
        instances.addAll(clouds.instances());
        var registries = new ArrayList<Registry>();
        for (var region : config.regions()) {
            registries.add(new DirectoryRegion(
                    region.name(), region.diskFormat(), region.directory(), policies.store(), Clock.systemUTC()));
        }
        registries.addAll(clouds.registries());
        return new Stages.Ports(
                new GitRepositories(repositories, home.folder("repositories"), policies.git(), Clock.systemUTC()),
                new AptMirrors(policies.mirrors(), home.folder("mirrors"), Clock.systemUTC()),
                new BuildHosts(hosts, home.nodeOfSeveral()),
                remote,
                new Builders(List.of(
                        new DiskImageBuilder(),
                        new ImportBuilder(),
                        new KiwiBuilder(),
                        new MmdebstrapBuilder(),
                        new ScriptBuilder())),
                config.handover().handovers(),
                new Instances(instances),
                new Registries(registries),
                new DirectoryStore(config.store(), policies.store(), Clock.systemUTC()),
                new Qcow2Files(),
                new QemuConverter(),
                measurer,
                signer,
                new ReleaseAttester(home.factoryId(), Version.TEXT),
                new ReleaseSealer(signer, auditor, measurer),
                auditor,
                store.requests());
    }

    private static List<Channel> channels(Notification notification, Home home) throws IOException {
        var channels = new ArrayList<Channel>();
        var smtp = notification.smtp();
        channels.add(
                smtp == null
                        ? new MailFolder(home.shared("mail"), notification.from(), home.factoryId())
                        : new Smtp(smtp, notification.from(), home.factoryId()));
        notification
                .webhooks()
                .forEach(target -> channels.add(new Webhook(target, WEBHOOK_PATIENCE, Clock.systemUTC())));
        return channels;
    }

    private static Clouds clouds(Config config, Home home) throws IOException {
        var names = new Names(home.factoryId());
        var registries = new ArrayList<Registry>();
        var hosts = new ArrayList<HostProvider>();
        var instances = new ArrayList<TestInstances>();
        var doctors = new TreeMap<String, CloudDoctor>();
        for (var cloud : config.clouds()) {
            var client = new CloudClient(cloud.cloud(), config.policies().clouds(), Clock.systemUTC(), Pause.REAL);
            for (var region : cloud.regions()) {
                registries.add(new GlanceRegion(
                        cloud.region(region),
                        client.service("image", region),
                        home.factoryId(),
                        cloud.images().getOrDefault(region, GlancePolicy.defaults()),
                        Pause.REAL));
            }
            var placement = cloud.placement();
            if (placement != null) {
                instances.add(new NovaTestInstances(client, placement, names, Pause.REAL, Clock.systemUTC()));
                if (placement.hosts()) {
                    hosts.add(new NovaHosts(client, placement, names, Pause.REAL, Clock.systemUTC()));
                }
            }
            doctors.put(cloud.name(), new CloudDoctor(client, cloud.images(), placement, home.factoryId(), Pause.REAL));
        }
        return new Clouds(registries, hosts, instances, doctors);
    }

    private static Signer signer(String name, Config.SigningKey key, Home home) {
        if (key.gpg() != null) {
            var policy = new GpgPolicy("gpg", Optional.ofNullable(key.gpgHome()), key.gpg(), key.expiryMargin());
            return new GpgSigner(policy, Clock.systemUTC());
        }
        var policy = new SigningKeyPolicy(
                name,
                home.shared("keys"),
                key.userId(),
                Optional.ofNullable(key.file()),
                Optional.ofNullable(key.passphraseFile()),
                key.lifetime(),
                key.expiryMargin());
        return new OpenPgpSigner(policy, Clock.systemUTC());
    }
}
