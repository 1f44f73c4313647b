package org.ifaas.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.publish.ApprovedReleases.Unreachable;
import org.ifaas.factory.publish.PullingPublisher;
import org.ifaas.factory.publish.RegionPublisher;
import org.ifaas.factory.publish.Trust;
import org.ifaas.factory.text.Visible;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.release.approval.PinnedApprovals;
import org.ifaas.release.approval.PinnedReleases;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.server.publisher.FactoryClient;
import org.ifaas.server.publisher.PublisherFolder;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.StorePolicy;

/** The composition root of a region's publisher: a process of its own, without a database and without a factory. */
final class PublisherProcess {
    private static final int MOST_LINE = 2000;
    private static final String USAGE = "publisher --config FILE [--once]";

    private PublisherProcess() {}

    /** @return the exit code: 0 well, 1 something was not published, 2 bad input, 3 it could not start or reach the factory */
    static int run(List<String> words) {
        try {
            var rest = new ArrayList<>(words);
            boolean once = rest.remove("--once");
            if (rest.size() != 2 || !rest.getFirst().equals("--config")) {
                throw new IllegalArgumentException("name the configuration; usage: " + USAGE);
            }
            return run(PublisherConfig.read(Path.of(rest.getLast())), once, PublisherProcess::say);
        } catch (IllegalArgumentException | Config.Invalid e) {
            System.err.println("ifaas: " + e.getMessage());
            return 2;
        } catch (UncheckedIOException e) {
            System.err.println("ifaas: " + e.getMessage() + ": " + String.valueOf(e.getCause()));
            return 3;
        } catch (IOException e) {
            System.err.println("ifaas: " + e.getMessage());
            return 3;
        } catch (InterruptedException e) {
            return 3;
        }
    }

    static int run(PublisherConfig config, boolean once, Consumer<String> progress)
            throws IOException, InterruptedException {
        var clock = Clock.systemUTC();
        try (var folder = PublisherFolder.open(config.state(), config.region());
                var factory = new FactoryClient(config.region(), config.factory())) {
            var publisher = new PullingPublisher(
                    factory,
                    new Trust(
                            new PinnedApprovals(config.approvalKey(), clock),
                            new PinnedReleases(config.releaseKey(), clock),
                            config.kinds()),
                    new RegionPublisher(registry(config), new ParallelMeasurer()),
                    folder,
                    config.retry(),
                    clock,
                    progress);
            progress.accept("publisher of region %s, for the factory at %s; approval key %s, release key %s"
                    .formatted(
                            config.region(),
                            config.factory().url(),
                            String.join(" ", config.approvalKey().fingerprints()),
                            String.join(" ", config.releaseKey().fingerprints())));
            return once ? round(publisher, progress) : forEver(publisher, config, progress);
        }
    }

    private static int round(PullingPublisher publisher, Consumer<String> progress) {
        try {
            return publisher.round() == 0 ? 0 : 1;
        } catch (Unreachable e) {
            progress.accept(e.getMessage() + ". " + e.mend());
            return 3;
        }
    }

    private static int forEver(PullingPublisher publisher, PublisherConfig config, Consumer<String> progress)
            throws InterruptedException {
        var last = new String[] {""};
        Consumer<String> news = line -> {
            if (!line.equals(last[0])) {
                progress.accept(line);
            }
            last[0] = line;
        };
        while (true) {
            if (round(publisher, news) != 3) {
                last[0] = "";
            }
            TimeUnit.NANOSECONDS.sleep(config.every().toNanos());
        }
    }

    private static Registry registry(PublisherConfig config) throws IOException {
        var cloud = config.cloud();
        var directory = config.directory();
        if (cloud != null) {
            var client = new CloudClient(cloud, ClientPolicy.defaults(), Clock.systemUTC(), Pause.REAL);
            var images = client.service("image", config.cloudRegion());
            return new GlanceRegion(config.region(), images, "publisher", GlancePolicy.defaults(), Pause.REAL);
        }
        return new DirectoryRegion(
                config.region(),
                DiskFormat.QCOW2,
                directory == null ? config.state() : directory,
                StorePolicy.defaults(),
                Clock.systemUTC());
    }

    private static void say(String line) {
        System.out.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + Visible.line(line, MOST_LINE));
    }
}
