package org.ifaas.factory.stage;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Repository;
import org.ifaas.factory.suite.BaselineSuite;
import org.ifaas.factory.suite.Identity;
import org.ifaas.factory.suite.Reboot;
import org.ifaas.factory.suite.Script;
import org.ifaas.factory.suite.SuiteInputs;
import org.ifaas.factory.suite.SuiteResult;
import org.ifaas.factory.text.LogText;
import org.jspecify.annotations.Nullable;

/** Boots test instances from a registered image and runs the suites on them. */
public final class InstanceTests {
    private static final long GIB = 1L << 30;

    private final Instances all;
    private final Registries registries;
    private final Remote remote;
    private final Repository repository;
    private final ArtifactStore store;
    private final BaselineSuite suite;
    private final HostPolicy policy;
    private final Names names;
    private final InstantSource clock;

    public InstanceTests(
            Instances all,
            Registries registries,
            Remote remote,
            Repository repository,
            ArtifactStore store,
            BaselineSuite suite,
            HostPolicy policy,
            Names names,
            InstantSource clock) {
        this.all = all;
        this.registries = registries;
        this.remote = remote;
        this.repository = repository;
        this.store = store;
        this.suite = suite;
        this.policy = policy;
        this.names = names;
        this.clock = clock;
    }

    /**
     * How the instances of one run are made.
     *
     * @param flavor null for any that is large enough
     */
    private record Form(@Nullable String flavor, HostSize size, SshKey key) {}

    void checkRoom(@Nullable String flavor, StageContext build) throws StageFailure, InterruptedException {
        int count = build.fact(Inputs.class).definition().tests().twoInstances() ? 2 : 1;
        instances(build).checkRoom(request(1, form(flavor, build), List.of(), build), count);
    }

    /** @param flavor of the instances; null for any that is large enough */
    TestImage.Tested run(@Nullable String flavor, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var instances = instances(build);
        var form = form(flavor, build);
        var figures = NetworkFigures.of(instances, build, clock);
        TestImage.Tested tested;
        try {
            var instance = boot(1, form, figures.ports(), build);
            try (var connection = connect(instance, form, build)) {
                var boot = Duration.between(instance.machine().spawned(), clock.instant());
                build.log().line("first login after %.1f s, with %s", boot.toMillis() / 1000.0, instance.accelerator());
                var inputs = inputs(instance, boot, form, build);
                var result = build.fact(Inputs.class).definition().tests().twoInstances()
                        ? bothInstances(inputs, instance, connection, figures, form, build)
                        : firstInstance(inputs, instance, connection, build)
                                .and(figures.toFactory(instance, connection));
                var console = console(instances, instance.machine().name());
                tested = new TestImage.Tested(result, boot, instance.accelerator(), console);
            }
        } catch (Exception failure) {
            giveUp(1, form, build);
            throw failure;
        }
        destroy(1, build);
        return tested;
    }

    private Form form(@Nullable String flavor, StageContext build) throws StageFailure, InterruptedException {
        var key = remote.key(
                build.folder(), "test-" + names.testInstance(build.build(), 1), "tests of build " + build.id());
        int minRam = build.fact(Inputs.class).definition().sizes().minRamMiB();
        // Larger than the image, so that growing shows.
        int disk = Math.toIntExact(build.fact(ImageBuilt.class).virtualBytes() / GIB) + 2;
        if (flavor == null) {
            return new Form(null, new HostSize(policy.instanceCpus(), Math.max(1024, minRam), disk), key);
        }
        var size = instances(build).flavor(flavor);
        return new Form(flavor, size.diskGiB() > 0 ? size : new HostSize(size.cpus(), size.memoryMiB(), disk), key);
    }

    /** Those that can boot what the home region holds. */
    private TestInstances instances(StageContext build) throws StageFailure {
        var region = build.fact(ImageRegistered.class).image().region();
        return all.booting(registries.of(region));
    }

    /** The second instance boots while the suite runs on the first, which is rebooted in the end. */
    private SuiteResult bothInstances(
            SuiteInputs inputs,
            TestInstance instance,
            Connection connection,
            NetworkFigures figures,
            Form form,
            StageContext build)
            throws StageFailure, InterruptedException {
        var identity = suite.identity(inputs, connection, build.log());
        var suiteHasRun = new CountDownLatch(1);
        Peer peer = (second, toSecond) -> {
            if (!figures.areBetweenInstances()) {
                return SuiteResult.NONE;
            }
            // What the network does is measured when nothing else is.
            suiteHasRun.await();
            return figures.between(instance, connection, second, toSecond);
        };
        try (var second = new Meanwhile<>(() -> secondInstance(inputs, identity, peer, form, build))) {
            var result = firstInstance(inputs, instance, connection, build);
            suiteHasRun.countDown();
            return result.and(second.result())
                    .and(figures.toFactory(instance, connection))
                    .and(reboot(inputs, identity, instance, connection, form.key(), build));
        }
    }

    /** What is tried with a second instance beside the first. */
    private interface Peer {
        SuiteResult with(TestInstance second, Connection toSecond) throws InterruptedException;
    }

    private SuiteResult firstInstance(
            SuiteInputs inputs, TestInstance instance, Connection connection, StageContext build)
            throws StageFailure, InterruptedException {
        var definition = build.fact(Inputs.class).definition();
        var instances = instances(build);
        return definition.tests().suite().equals("baseline")
                ? suite.run(
                        inputs,
                        connection,
                        () -> console(instances, instance.machine().name()),
                        build.log())
                : suite.ownOnly(inputs, connection, build.log());
    }

    private SuiteResult secondInstance(SuiteInputs inputs, Identity first, Peer peer, Form form, StageContext build)
            throws StageFailure, InterruptedException {
        SuiteResult result;
        try {
            var instance = boot(2, form, List.of(), build);
            try (var connection = connect(instance, form, build)) {
                result = suite.secondInstance(inputs, first, connection, build.log())
                        .and(peer.with(instance, connection));
            }
        } catch (Exception failure) {
            giveUp(2, form, build);
            throw failure;
        }
        destroy(2, build);
        return result;
    }

    private SuiteResult reboot(
            SuiteInputs inputs,
            Identity before,
            TestInstance instance,
            Connection connection,
            SshKey key,
            StageContext build)
            throws StageFailure, InterruptedException {
        var reboot = new Reboot(remote, clock);
        try (var again = reboot.reboot(instance.machine(), key, before, connection, sshPatience(build), build.log())) {
            return suite.afterReboot(inputs, before, again, build.log());
        }
    }

    private TestInstance boot(int number, Form form, List<Integer> ports, StageContext build)
            throws StageFailure, InterruptedException {
        var request = request(number, form, ports, build);
        build.log()
                .line(
                        "booting %s from image %s in %s",
                        request.name(), request.image().id(), request.image().region());
        build.checkLease();
        return instances(build).boot(request, build.log());
    }

    /** Whoever has taken the build over tests on an instance of the same name; one that is left goes at the next boot, or is cleaned up. */
    private void destroy(int number, StageContext build) throws StageFailure, InterruptedException {
        build.checkLease();
        instances(build).destroy(names.testInstance(build.build(), number));
    }

    /**
     * Keeps what its console shows, for whoever looks into the failure, and destroys it. It may never have run, and who is
     * interrupted does this first; what fails here does not hide why it is given up.
     */
    private void giveUp(int number, Form form, StageContext build) {
        boolean interrupted = Thread.interrupted();
        try {
            keepConsole(number, form, build);
            destroy(number, build);
        } catch (StageFailure left) {
            build.log().line("what is left of it is cleaned up later: %s", left.getMessage());
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void keepConsole(int number, Form form, StageContext build) throws StageFailure {
        var name = names.testInstance(build.build(), number);
        build.checkLease();
        var console = console(instances(build), name);
        if (console.isEmpty()) {
            return;
        }
        var key = "builds/" + build.id() + "/console-t" + number + (form.flavor() == null ? "" : "-" + form.flavor())
                + ".log";
        try {
            store.write(key, console);
            build.log().line("the console log of %s is kept in %s", name, store.path(key));
        } catch (IOException e) {
            build.log().line("the console log of %s can't be kept: %s", name, e);
        }
    }

    private InstanceRequest request(int number, Form form, List<Integer> ports, StageContext build)
            throws StageFailure {
        var definition = build.fact(Inputs.class).definition();
        var image = build.fact(ImageRegistered.class).image();
        var registry = registries.of(image.region());
        return new InstanceRequest(
                names.testInstance(build.build(), number),
                image,
                registry.file(image.id()).orElse(null),
                registry.find(image.id())
                        .flatMap(found -> DiskFormat.of(found.diskFormat()))
                        .orElse(registry.diskFormat()),
                definition.architecture(),
                definition.firmware(),
                hostname(number),
                definition.os().user(),
                form.key(),
                form.size(),
                form.flavor(),
                ports);
    }

    private static String hostname(int number) {
        return "ifaas-test-" + number;
    }

    private Connection connect(TestInstance instance, Form form, StageContext build)
            throws StageFailure, InterruptedException {
        return remote.connect(instance.machine(), form.key(), sshPatience(build));
    }

    /** Twice the budget, and never less than five minutes: how long it took is then a test's business. */
    private Duration sshPatience(StageContext build) throws StageFailure {
        var patience = budget(build).multipliedBy(2);
        return patience.compareTo(policy.sshPatience()) < 0 ? policy.sshPatience() : patience;
    }

    private Duration budget(StageContext build) throws StageFailure {
        int seconds = build.fact(Inputs.class).definition().tests().bootBudgetSeconds();
        return Duration.ofSeconds((long) seconds * instances(build).patience());
    }

    private SuiteInputs inputs(TestInstance instance, Duration boot, Form form, StageContext build)
            throws StageFailure, IOException, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var mirrors = inputs.sources().stream()
                .map(source -> URI.create(source.url()))
                .toList();
        var own = new ArrayList<Script>();
        for (var path : inputs.definition().tests().own()) {
            try (var content = repository.file(inputs.source(), path)) {
                own.add(Script.own(path, content));
            }
        }
        var mirrorHosts =
                mirrors.stream().map(URI::getAuthority).filter(Objects::nonNull).collect(Collectors.toSet());
        return new SuiteInputs(
                inputs.definition().os().user(),
                hostname(1),
                form.key().publicKey(),
                boot,
                budget(build),
                instances(build).patience(),
                build.fact(ImageBuilt.class).virtualBytes(),
                form.size().diskGiB() * GIB,
                mirrorHosts,
                repository.mentioned(inputs.source(), mirrorHosts),
                mirrors.isEmpty() ? null : outbound(mirrors.getFirst()),
                offered(build),
                own);
    }

    private static SuiteInputs.Outbound outbound(URI mirror) {
        int port = mirror.getPort() > 0 ? mirror.getPort() : mirror.getScheme().equals("https") ? 443 : 80;
        return new SuiteInputs.Outbound(mirror.getHost(), port);
    }

    private String offered(StageContext build) throws IOException {
        return store.read("builds/" + build.id() + "/packages-offered.tsv");
    }

    /** What its serial console showed, as text: a guest may write there what it likes. */
    private static String console(TestInstances instances, String name) {
        return LogText.plain(instances.console(name));
    }
}
