package org.ifaas.openstack.fake;

import static org.ifaas.openstack.fake.FakeCloud.JSON;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.ifaas.openstack.fake.TinyServer.Reply;
import org.ifaas.openstack.fake.TinyServer.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The part of Nova that is used. A server is built when it is looked at for the second time. */
public final class FakeNova {
    private final InstantSource clock;
    private final FakeNeutron neutron;
    private final FakeCinder cinder;
    private final Map<String, ObjectNode> servers = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> keypairs = new ConcurrentHashMap<>();
    private final List<ObjectNode> flavors = new ArrayList<>();
    public int mostServers = 10;
    public int mostCores = 20;
    public int mostMemory = 51200;
    /** Servers end in ERROR with this reason. */
    public @Nullable String fault;

    /** Off where servers stay in BUILD. */
    public boolean builds = true;

    public String newest = "2.93";
    public String console = "";
    public volatile boolean deletesSlowly;
    /** Of a server that is deleted its port and volume stay, as where Nova fails half-way. */
    public boolean loses;

    FakeNova(InstantSource clock, FakeNeutron neutron, FakeCinder cinder) {
        this.clock = clock;
        this.neutron = neutron;
        this.cinder = cinder;
        flavor("1", "m1.tiny", 256, 1, 1);
        flavor("2", "m1.small", 1024, 6, 1);
        flavor("3", "m1.build", 4096, 40, 4);
    }

    public void flavor(String id, String name, int ram, int disk, int cpus) {
        flavors.add(JSON.createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("ram", ram)
                .put("disk", disk)
                .put("vcpus", cpus));
    }

    public List<ObjectNode> servers() {
        return new ArrayList<>(servers.values());
    }

    public Map<String, ObjectNode> keypairs() {
        return keypairs;
    }

    /** As a lost answer to a POST leaves it behind. */
    public ObjectNode copy(ObjectNode server) {
        var copy = server.deepCopy();
        copy.put("id", UUID.randomUUID().toString());
        servers.put(copy.path("id").asString(), copy);
        return copy;
    }

    Reply handle(Request request, String path) throws IOException {
        var body = JSON.createObjectNode();
        if (path.equals("/")) {
            body.putObject("version").put("version", newest).put("min_version", "2.1");
            return FakeCloud.json(200, body);
        }
        var parts = path.substring(1).split("/");
        return switch (parts[0]) {
            case "servers" -> servers(request, parts);
            case "os-keypairs" -> keypairs(request, parts);
            case "flavors" -> {
                var all = body.putArray("flavors");
                flavors.forEach(all::add);
                yield FakeCloud.json(200, body);
            }
            case "limits" -> {
                var limits = body.putObject("limits").putObject("absolute");
                limits.put("maxTotalInstances", mostServers).put("totalInstancesUsed", servers.size());
                limits.put("maxTotalCores", mostCores).put("totalCoresUsed", used("vcpus"));
                limits.put("maxTotalRAMSize", mostMemory).put("totalRAMUsed", used("ram"));
                yield FakeCloud.json(200, body);
            }
            default -> FakeCloud.error(404, "itemNotFound", "no");
        };
    }

    private int used(String what) {
        return servers.values().stream()
                .mapToInt(server -> flavors.stream()
                        .filter(flavor -> flavor.path("id").equals(server.path("flavorRef")))
                        .mapToInt(flavor -> flavor.path(what).asInt())
                        .sum())
                .sum();
    }

    private Reply servers(Request request, String[] parts) throws IOException {
        if (parts.length == 1 && request.method().equals("POST")) {
            return create(
                    (ObjectNode) JSON.readTree(request.body().readAllBytes()).path("server"));
        }
        if (parts.length == 1 || parts[1].equals("detail")) {
            var body = JSON.createObjectNode();
            var all = body.putArray("servers");
            var name = Pattern.compile(request.query().getOrDefault("name", ""));
            servers.values().stream()
                    .filter(server ->
                            name.matcher(server.path("name").asString()).find())
                    .forEach(server -> all.add(grown(server)));
            return FakeCloud.json(200, body);
        }
        var server = servers.get(parts[1]);
        if (server == null) {
            return FakeCloud.error(404, "itemNotFound", "Instance " + parts[1] + " could not be found.");
        }
        if (parts.length == 3 && parts[2].equals("action")) {
            return FakeCloud.json(200, JSON.createObjectNode().put("output", console));
        }
        if (request.method().equals("DELETE")) {
            if (deletesSlowly) {
                server.put("OS-EXT-STS:task_state", "deleting");
            } else {
                remove(server);
            }
            return FakeCloud.nothing(204);
        }
        var body = JSON.createObjectNode();
        body.set("server", grown(server));
        return FakeCloud.json(200, body);
    }

    private void remove(ObjectNode server) {
        servers.remove(server.path("id").asString());
        if (loses) {
            server.path("block_device_mapping_v2")
                    .forEach(disk -> cinder.volume(disk.path("uuid").asString()).put("status", "available"));
            return;
        }
        neutron.all("ports").values().removeIf(port -> port.path("device_id").equals(server.path("id")));
        server.path("block_device_mapping_v2")
                .forEach(disk -> cinder.remove(disk.path("uuid").asString()));
    }

    private synchronized Reply create(ObjectNode asked) {
        if (servers.size() >= mostServers) {
            return FakeCloud.error(
                    403,
                    "forbidden",
                    "Quota exceeded for instances: Requested 1, but already used %d of %d instances"
                            .formatted(servers.size(), mostServers));
        }
        var ports = neutron.all("ports").size();
        if (ports >= neutron.quotas.getOrDefault("ports", Integer.MAX_VALUE)) {
            return FakeCloud.error(403, "forbidden", "Maximum number of ports exceeded");
        }
        if (!keypairs.containsKey(asked.path("key_name").asString(""))) {
            return FakeCloud.error(400, "badRequest", "Invalid key_name provided.");
        }
        var id = UUID.randomUUID().toString();
        asked.put("id", id).put("status", "BUILD").put("looks", 0);
        asked.put("created", FakeCloud.seconds(clock.instant()).toString());
        asked.putObject("addresses");
        servers.put(id, asked);
        var network = asked.at("/networks/0/uuid").asString("");
        neutron.port(id, network)
                .putArray("security_groups")
                .add(asked.at("/security_groups/0/name").asString(""));
        asked.path("block_device_mapping_v2")
                .forEach(disk -> cinder.volume(disk.path("uuid").asString()).put("status", "in-use"));
        var body = JSON.createObjectNode();
        body.putObject("server").put("id", id);
        return FakeCloud.json(202, body);
    }

    private ObjectNode grown(ObjectNode server) {
        int looks = server.path("looks").asInt() + 1;
        server.put("looks", looks);
        if (server.path("OS-EXT-STS:task_state").asString("").equals("deleting")) {
            remove(server);
        } else if (looks > 1 && fault != null) {
            server.put("status", "ERROR").putObject("fault").put("code", 500).put("message", fault);
        } else if (looks > 1 && builds) {
            if (server.path("status").asString().equals("ACTIVE")) {
                return server;
            }
            server.put("status", "ACTIVE");
            server.withObject("/addresses")
                    .putArray("lab")
                    .addObject()
                    .put("addr", "10.77.0." + (10 + servers.size()))
                    .put("version", 4)
                    .put("OS-EXT-IPS:type", "fixed");
        }
        return server;
    }

    private Reply keypairs(Request request, String[] parts) throws IOException {
        var body = JSON.createObjectNode();
        if (request.method().equals("POST")) {
            var pair = (ObjectNode) JSON.readTree(request.body().readAllBytes()).path("keypair");
            var name = pair.path("name").asString();
            if (keypairs.putIfAbsent(name, pair) != null) {
                return FakeCloud.error(409, "conflictingRequest", "Key pair '" + name + "' already exists.");
            }
            body.set("keypair", pair);
            return FakeCloud.json(200, body);
        }
        if (parts.length == 1) {
            var all = body.putArray("keypairs");
            keypairs.values().forEach(pair -> all.addObject().set("keypair", pair));
            return FakeCloud.json(200, body);
        }
        if (request.method().equals("DELETE")) {
            return keypairs.remove(parts[1]) == null
                    ? FakeCloud.error(404, "itemNotFound", "Keypair " + parts[1] + " not found")
                    : FakeCloud.nothing(202);
        }
        var pair = keypairs.get(parts[1]);
        if (pair == null) {
            return FakeCloud.error(404, "itemNotFound", "Keypair " + parts[1] + " not found");
        }
        body.set("keypair", pair);
        return FakeCloud.json(200, body);
    }
}
