package org.ifaas.openstack.nova;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Look;
import org.ifaas.openstack.client.Pause;
import tools.jackson.databind.JsonNode;

/** Build hosts that are servers of a cloud. They are reached over SSH by the key that the config drive gives them. */
public final class NovaHosts implements HostProvider {
    /** In the server's metadata, so that a factory that comes back knows which key the host must show. */
    private static final String HOST_KEY = "ifaas_host_key";

    private final CloudClient cloud;
    private final Placement placement;
    private final Servers servers;

    public NovaHosts(CloudClient cloud, Placement placement, Names names, Pause pause, InstantSource clock) {
        this.cloud = cloud;
        this.placement = placement;
        this.servers = new Servers(cloud, placement, names, pause, clock);
    }

    @Override
    public HostKind kind() {
        return HostKind.NOVA;
    }

    @Override
    public String cloud() {
        return cloud.name();
    }

    @Override
    public Availability availability() {
        return Look.of(() -> {
            var named = servers.named();
            named.hostFlavor(placement);
            named.image(placement.hostImage());
            named.network(placement.network());
            return new Availability(
                    true,
                    "cloud %s, flavor %s, image %s"
                            .formatted(cloud.name(), placement.hostFlavor(), placement.hostImage()),
                    "");
        });
    }

    @Override
    public void checkRoom(String name) throws StageFailure, InterruptedException {
        try {
            if (servers.named(name).isEmpty()) {
                servers.checkRoom(servers.named().hostFlavor(placement), 1);
            }
        } catch (CloudFailure e) {
            throw e.because("build host " + name);
        }
    }

    @Override
    public BuildHost spawn(HostRequest request, StageLog log) throws StageFailure, InterruptedException {
        var name = request.name();
        try {
            var hostKey = key(request.hostKey());
            for (var server : servers.named(name)) {
                boolean ours = server.at("/metadata/" + HOST_KEY).asString("").equals(hostKey);
                var status = server.path("status").asString("");
                if (!ours || !(status.equals("ACTIVE") || status.equals("BUILD"))) {
                    log.line("server %s is %s or has another key: it goes first", name, status);
                    servers.destroy(name);
                    break;
                }
            }
            var named = servers.named();
            var launch = new Servers.Launch(
                    name,
                    named.image(placement.hostImage()),
                    named.hostFlavor(placement),
                    placement.hostVolumeGiB(),
                    UserData.buildHost(name, request.userKey(), request.hostKey()),
                    request.userKey(),
                    Map.of(HOST_KEY, hostKey));
            return host(launched(launch, log));
        } catch (CloudFailure e) {
            throw e.because("build host " + name);
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the host key of " + name + " can't be read: " + e.getMessage(),
                    "Look at the factory's folder of builds, then retry.",
                    e);
        }
    }

    /** One that did not become ACTIVE leaves nothing. */
    private JsonNode launched(Servers.Launch launch, StageLog log)
            throws CloudFailure, StageFailure, InterruptedException {
        try {
            return servers.launch(launch, log);
        } catch (CloudFailure | StageFailure e) {
            try {
                servers.destroy(launch.name());
            } catch (CloudFailure | StageFailure left) {
                log.line("%s is left until the clean-up: %s", launch.name(), String.valueOf(left.getMessage()));
            }
            throw e;
        }
    }

    /** Type and base64, without the comment. */
    private static String key(SshKey key) {
        var words = key.publicKey().strip().split(" ");
        return words[0] + " " + words[1];
    }

    private BuildHost host(JsonNode server) throws CloudFailure, StageFailure, InterruptedException {
        return new BuildHost(
                HostKind.NOVA,
                server.path("name").asString(),
                servers.address(server),
                22,
                "root",
                server.at("/metadata/" + HOST_KEY).asString(""),
                "Nova server " + server.path("id").asString() + " in cloud " + cloud.name(),
                created(server));
    }

    private static Instant created(JsonNode server) {
        try {
            return Instant.parse(server.path("created").asString(""));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public Optional<BuildHost> find(String name) throws StageFailure {
        try {
            for (var server : servers.named(name)) {
                boolean whole = server.path("status").asString("").equals("ACTIVE")
                        && server.at("/metadata/" + HOST_KEY).isString();
                return whole ? Optional.of(host(server)) : Optional.empty();
            }
            return Optional.empty();
        } catch (CloudFailure e) {
            throw e.because("build host " + name);
        } catch (InterruptedException e) {
            throw Servers.interrupted(e);
        }
    }

    @Override
    public void destroy(String name) throws StageFailure, InterruptedException {
        servers.remove("build host", name);
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
        return servers.list("build hosts", Names::isBuildHost);
    }
}
