package org.ifaas.openstack.nova;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Look;
import org.ifaas.openstack.client.Pause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Test instances that are servers of a cloud, booted from the very image that its Glance has registered. */
public final class NovaTestInstances implements TestInstances {
    private static final int MOST_CONSOLE = 1 << 20;

    private final CloudClient cloud;
    private final Placement placement;
    private final Servers servers;
    private final InstantSource clock;

    public NovaTestInstances(CloudClient cloud, Placement placement, Names names, Pause pause, InstantSource clock) {
        this.cloud = cloud;
        this.placement = placement;
        this.servers = new Servers(cloud, placement, names, pause, clock);
        this.clock = clock;
    }

    @Override
    public String cloud() {
        return cloud.name();
    }

    @Override
    public String region() {
        return cloud.name() + "." + placement.region();
    }

    @Override
    public Availability availability() {
        return Look.of(() -> {
            var named = servers.named();
            named.network(placement.network());
            var flavor = placement.instanceFlavor();
            if (flavor != null) {
                named.flavor(flavor);
            }
            return new Availability(true, "Nova of cloud " + cloud.name() + " answers", "");
        });
    }

    @Override
    public int patience() {
        return placement.patience();
    }

    @Override
    public void checkRoom(InstanceRequest request, int count) throws StageFailure, InterruptedException {
        try {
            if (servers.named(request.name()).isEmpty()) {
                servers.checkRoom(flavor(request), count);
            }
        } catch (CloudFailure e) {
            throw e.because("test instance " + request.name());
        }
    }

    @Override
    public HostSize flavor(String name) throws StageFailure, InterruptedException {
        try {
            var flavors = servers.named().flavors();
            return flavors.stream()
                    .filter(flavor -> flavor.path("name").asString("").equals(name))
                    .findFirst()
                    .map(flavor -> new HostSize(
                            flavor.path("vcpus").asInt(),
                            flavor.path("ram").asInt(),
                            flavor.path("disk").asInt()))
                    .orElseThrow(() -> new StageFailure(
                            Blame.IMAGE,
                            "tests.flavors: cloud " + cloud.name() + " has no flavor " + name,
                            "Choose among "
                                    + flavors.stream()
                                            .map(flavor -> flavor.path("name").asString(""))
                                            .sorted()
                                            .limit(20)
                                            .collect(Collectors.joining(", "))
                                    + "."));
        } catch (CloudFailure e) {
            throw e.because("flavor " + name);
        }
    }

    private JsonNode flavor(InstanceRequest request) throws CloudFailure, StageFailure, InterruptedException {
        if (request.flavor() != null) {
            return servers.named().flavor(request.flavor());
        }
        return placement.instanceFlavor() == null
                ? servers.named().flavor(request.size())
                : servers.named().flavor(placement.instanceFlavor());
    }

    @Override
    public TestInstance boot(InstanceRequest request, StageLog log) throws StageFailure, InterruptedException {
        var name = request.name();
        try {
            servers.destroy(name);
            var flavor = flavor(request);
            log.line("flavor %s", flavor.path("name").asString());
            var launch = new Servers.Launch(
                    name,
                    request.image().id(),
                    flavor,
                    Named.diskless(flavor) ? request.size().diskGiB() : 0,
                    UserData.testInstance(request.hostname(), request.user(), request.userKey()),
                    request.userKey(),
                    Map.of());
            var server = servers.launch(launch, log);
            var machine = new BuildHost(
                    HostKind.NOVA,
                    name,
                    servers.address(server),
                    22,
                    request.user(),
                    null,
                    "Nova server " + server.path("id").asString() + " in cloud " + cloud.name(),
                    clock.instant());
            var reach = placement.reach();
            return new TestInstance(machine, "cloud " + cloud.name(), reach == null ? "" : reach.address());
        } catch (CloudFailure e) {
            throw e.because("test instance " + name);
        }
    }

    @Override
    public @Nullable Listening reach() {
        return placement.reach();
    }

    @Override
    public String join(String from, String to, int port) throws StageFailure, InterruptedException {
        try {
            return servers.join(from, to, port);
        } catch (CloudFailure e) {
            throw e.because("test instance " + to + " can't be reached by " + from);
        }
    }

    @Override
    public String console(String name) {
        try {
            var console = servers.console(name);
            return console.length() <= MOST_CONSOLE ? console : console.substring(console.length() - MOST_CONSOLE);
        } catch (CloudFailure e) {
            return "(the console can't be read: " + e.getMessage() + ")\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "(interrupted while the console was read)\n";
        }
    }

    @Override
    public void destroy(String name) throws StageFailure, InterruptedException {
        servers.remove("test instance", name);
    }

    @Override
    public List<String> present(List<String> names) throws StageFailure, InterruptedException {
        try {
            return servers.present(names);
        } catch (CloudFailure e) {
            throw e.because("%s can't be looked for".formatted(String.join(", ", names)));
        }
    }

    @Override
    public List<String> list() throws StageFailure {
        return servers.list("test instances", name -> !Names.isBuildHost(name));
    }
}
