package org.ifaas.openstack.nova;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Microversions;
import org.ifaas.openstack.client.Microversions.Version;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Servers and what belongs to each: keypair, security group, ports, floating address, volume, all of the server's name. Nova
 * takes any number of servers of one name, so that its answer to every question is looked at before another one is asked for.
 */
final class Servers {
    private static final Version LEAST = Version.of("2.52");
    private static final Version MOST = Version.of("2.90");
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    private static final int LOOKS_AFTER_A_LOST_ANSWER = 4;
    private static final Duration GONE = Duration.ofMinutes(3);
    private static final int MOST_LOST = 2;
    private static final String RAISE =
            "Have the project's quota raised, or remove what is not needed there ('openstack quota show').";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final CloudClient cloud;
    private final Placement placement;
    private final Names names;
    private final Pause pause;
    private final InstantSource clock;
    private final Service network;
    private final Volumes volumes;
    private final Doorway doorway;
    private volatile @Nullable Version version;

    /**
     * @param name of the server and all that belongs to it
     * @param image its id
     * @param flavor as Nova describes it
     * @param volumeGiB 0 to boot from the flavor's disk
     */
    record Launch(
            String name,
            String image,
            JsonNode flavor,
            int volumeGiB,
            String userData,
            SshKey key,
            Map<String, String> metadata) {}

    Servers(CloudClient cloud, Placement placement, Names names, Pause pause, InstantSource clock) {
        this.cloud = cloud;
        this.placement = placement;
        this.names = names;
        this.pause = pause;
        this.clock = clock;
        this.network = cloud.service("network", placement.region());
        this.volumes =
                new Volumes(cloud.service("block-storage", placement.region()), placement.launch(), pause, clock);
        this.doorway = new Doorway(network);
    }

    Named named() throws CloudFailure, InterruptedException {
        return new Named(compute(), network, cloud.service("image", placement.region()));
    }

    private Service plain() {
        return cloud.service("compute", placement.region());
    }

    private Version version() throws CloudFailure, InterruptedException {
        var known = version;
        if (known == null) {
            known = Microversions.negotiated(plain(), LEAST, MOST);
            version = known;
        }
        return known;
    }

    private Service compute() throws CloudFailure, InterruptedException {
        return plain().with("OpenStack-API-Version", "compute " + version());
    }

    /**
     * Makes it, or goes on with the one that is there already, until it is ACTIVE.
     *
     * @throws NoRoom when a quota is full, of whatever belongs to it; nothing is left then
     */
    JsonNode launch(Launch wanted, StageLog log) throws CloudFailure, StageFailure, InterruptedException {
        var there = named(wanted.name());
        if (there.isEmpty()) {
            checkRoom(wanted.flavor(), 1);
        } else {
            log.line("server %s is there already", wanted.name());
        }
        try {
            if (there.isEmpty()) {
                make(wanted, log);
            }
            var server = active(wanted.name(), log);
            if (placement.floatingNetwork() != null) {
                var external = named().network(placement.floatingNetwork());
                var address = doorway.floating(wanted.name(), server.path("id").asString(), external);
                log.line("floating address %s", address);
            }
            return server;
        } catch (CloudFailure e) {
            if (e.quota()) {
                throw full(wanted.name(), e.reason());
            }
            throw e;
        }
    }

    /** What others took meanwhile, and quotas of keypairs, groups, ports, volumes, show only when they are asked for. */
    private NoRoom full(String name, String reason) throws CloudFailure, StageFailure, InterruptedException {
        destroy(name);
        return new NoRoom(project() + ": " + reason, RAISE);
    }

    /**
     * Whether the quotas have room for so many servers of that flavor, and for their floating addresses.
     *
     * @throws NoRoom when they have none now; another failure when they never will
     */
    void checkRoom(JsonNode flavor, int count) throws CloudFailure, StageFailure, InterruptedException {
        for (var quota : Quota.of(compute(), Collections.nCopies(count, flavor))) {
            checkRoom(quota);
        }
        if (placement.floatingNetwork() != null) {
            for (var quota : Quota.ofNetwork(network, Map.of("floatingip", count))) {
                checkRoom(quota);
            }
        }
    }

    private void checkRoom(Quota quota) throws CloudFailure, StageFailure, InterruptedException {
        if (!quota.mayHold()) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "%s: %d %s are needed at once, and its quota is %d"
                            .formatted(project(), quota.needed(), quota.of(), quota.limit()),
                    RAISE);
        }
        if (quota.full()) {
            throw new NoRoom(
                    "%s: the quota of %s is full: %d of %d are used, %d more are needed"
                            .formatted(project(), quota.of(), quota.used(), quota.limit(), quota.needed()),
                    RAISE);
        }
    }

    private String project() throws CloudFailure, InterruptedException {
        return "cloud %s, project %s in %s".formatted(cloud.name(), cloud.project(), placement.region());
    }

    private void make(Launch wanted, StageLog log) throws CloudFailure, StageFailure, InterruptedException {
        keypair(wanted.name(), wanted.key());
        var group = doorway.group(wanted.name(), placement.factoryAddress());
        create(wanted, body(wanted, group, disk(wanted, log)), log);
    }

    /** The volume that it boots from; null for the flavor's own disk. */
    private @Nullable String disk(Launch wanted, StageLog log) throws CloudFailure, StageFailure, InterruptedException {
        return wanted.volumeGiB() == 0
                ? null
                : volumes.make(wanted.name(), wanted.image(), wanted.volumeGiB(), placement.zone(), log);
    }

    private ObjectNode body(Launch wanted, String group, @Nullable String volume)
            throws CloudFailure, StageFailure, InterruptedException {
        var root = JSON.createObjectNode();
        var server = root.putObject("server");
        server.put("name", wanted.name());
        server.put("flavorRef", wanted.flavor().path("id").asString());
        server.put("key_name", wanted.name());
        server.put("config_drive", true);
        server.put(
                "user_data",
                Base64.getEncoder().encodeToString(wanted.userData().getBytes(StandardCharsets.UTF_8)));
        server.putArray("networks").addObject().put("uuid", named().network(placement.network()));
        server.putArray("security_groups").addObject().put("name", group);
        if (placement.zone() != null) {
            server.put("availability_zone", placement.zone());
        }
        var tags = server.putArray("tags").add("ifaas-factory-" + names.factoryId());
        names.buildOf(wanted.name()).ifPresent(build -> tags.add("ifaas-build-" + build));
        var metadata = server.putObject("metadata");
        wanted.metadata().forEach(metadata::put);
        if (volume == null) {
            server.put("imageRef", wanted.image());
        } else {
            server.putArray("block_device_mapping_v2")
                    .addObject()
                    .put("boot_index", 0)
                    .put("uuid", volume)
                    .put("source_type", "volume")
                    .put("destination_type", "volume")
                    .put("delete_on_termination", true);
        }
        return root;
    }

    private void create(Launch wanted, ObjectNode body, StageLog log)
            throws CloudFailure, StageFailure, InterruptedException {
        for (int lost = 1; ; lost++) {
            try {
                compute().post("/servers", body);
                return;
            } catch (CloudFailure e) {
                if (!e.uncertain()) {
                    throw e;
                }
                if (appeared(wanted.name())) {
                    log.line("the answer got lost, and server %s was made all the same", wanted.name());
                    return;
                }
                if (lost == MOST_LOST) {
                    throw e;
                }
            }
        }
    }

    /** A request whose answer got lost may still be on its way. */
    private boolean appeared(String name) throws CloudFailure, InterruptedException {
        for (int look = 0; look < LOOKS_AFTER_A_LOST_ANSWER; look++) {
            if (!named(name).isEmpty()) {
                return true;
            }
            pause.of(BETWEEN);
        }
        return false;
    }

    private JsonNode active(String name, StageLog log) throws CloudFailure, StageFailure, InterruptedException {
        var end = clock.instant().plus(placement.launch());
        var status = "";
        while (true) {
            var server = single(name, log);
            var now = server.path("status").asString("");
            if (!now.equals(status)) {
                log.line("server %s (%s) is %s", name, server.path("id").asString(), now);
                status = now;
            }
            if (status.equals("ACTIVE")) {
                return server;
            }
            if (!status.equals("BUILD")) {
                var reason = fault(server);
                if (CloudFailure.quota(reason)) {
                    throw full(name, reason); // of ports, which Nova asks for when it builds
                }
                throw new StageFailure(
                        Blame.CLOUD,
                        "cloud %s: server %s is %s: %s".formatted(cloud.name(), name, status, reason),
                        "Where it says that no valid host was found, the flavor or the zone has no room: choose another in"
                                + " clouds of ifaas.yaml, or ask the cloud's operator.");
            }
            if (!clock.instant().isBefore(end)) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "cloud %s: server %s is still %s after %d minutes"
                                .formatted(
                                        cloud.name(),
                                        name,
                                        status,
                                        placement.launch().toMinutes()),
                        "Ask the cloud's operator what its compute services do, or raise clouds' launch_limit.");
            }
            pause.of(BETWEEN);
        }
    }

    /** Nova may show it of a single server only, not in a list. */
    private String fault(JsonNode server) throws CloudFailure, InterruptedException {
        return compute()
                .find("/servers/" + server.path("id").asString())
                .map(shown -> shown.at("/server/fault/message").asString(""))
                .filter(message -> !message.isEmpty())
                .orElse("Nova gives no reason");
    }

    /** The oldest of them; a second one came of a lost answer and goes. */
    private JsonNode single(String name, StageLog log) throws CloudFailure, StageFailure, InterruptedException {
        var servers = named(name);
        if (servers.isEmpty()) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "cloud %s: server %s has disappeared".formatted(cloud.name(), name),
                    "Look at who else works in the factory's project.");
        }
        for (var second : servers.subList(1, servers.size())) {
            log.line(
                    "server %s was made twice: %s goes", name, second.path("id").asString());
            compute().delete("/servers/" + second.path("id").asString());
        }
        return servers.getFirst();
    }

    /** Oldest first. */
    List<JsonNode> named(String name) throws CloudFailure, InterruptedException {
        return found("^" + name + "$").stream()
                .filter(server -> server.path("name").asString("").equals(name))
                .sorted(Comparator.comparing(
                                (JsonNode server) -> server.path("created").asString(""))
                        .thenComparing(server -> server.path("id").asString("")))
                .toList();
    }

    private List<JsonNode> found(String pattern) throws CloudFailure, InterruptedException {
        var encoded = URLEncoder.encode(pattern, StandardCharsets.UTF_8);
        return compute().all("/servers/detail?name=" + encoded, "servers");
    }

    private void keypair(String name, SshKey key) throws CloudFailure, InterruptedException {
        var body = JSON.createObjectNode();
        body.putObject("keypair")
                .put("name", name)
                .put("type", "ssh")
                .put("public_key", key.publicKey().strip());
        for (int attempt = 1; ; attempt++) {
            try {
                compute().post("/os-keypairs", body);
                return;
            } catch (CloudFailure e) {
                boolean may = e.status() == 409 || e.uncertain();
                if (!may || attempt == 3) {
                    throw e;
                }
                // There is one already: perhaps of a key that a crash has made before.
                compute().delete("/os-keypairs/" + name);
            }
        }
    }

    /** Where it is reached: the floating address where there is one. */
    String address(JsonNode server) throws CloudFailure, StageFailure, InterruptedException {
        var name = server.path("name").asString("");
        if (placement.floatingNetwork() != null) {
            for (var floating : doorway.floating(name)) {
                return floating.path("floating_ip_address").asString();
            }
        }
        return addresses(server).stream()
                .findFirst()
                .map(address -> address.path("addr").asString())
                .orElseThrow(() -> noAddress(server));
    }

    /** IPv4 first. */
    private static List<JsonNode> addresses(JsonNode server) {
        var addresses = new ArrayList<JsonNode>();
        server.path("addresses").forEach(network -> network.forEach(addresses::add));
        addresses.removeIf(address -> address.path("addr").asString("").isEmpty());
        addresses.sort(
                Comparator.comparingInt(address -> address.path("version").asInt(4)));
        return addresses;
    }

    private StageFailure noAddress(JsonNode server) {
        return new StageFailure(
                Blame.CLOUD,
                "cloud %s: server %s has no address"
                        .formatted(cloud.name(), server.path("name").asString("")),
                "Look at the network %s: has it a subnet?".formatted(placement.network()));
    }

    /** Lets one server of these names reach a TCP port of the other; the address at which it does so. */
    String join(String from, String to, int port) throws CloudFailure, StageFailure, InterruptedException {
        var log = (StageLog) line -> {};
        var client = fixed(single(from, log));
        doorway.letIn(to, client + (client.contains(":") ? "/128" : "/32"), port);
        return fixed(single(to, log));
    }

    private String fixed(JsonNode server) throws StageFailure {
        return addresses(server).stream()
                .filter(address ->
                        address.path("OS-EXT-IPS:type").asString("fixed").equals("fixed"))
                .findFirst()
                .map(address -> address.path("addr").asString())
                .orElseThrow(() -> noAddress(server));
    }

    /** Names of this factory that anything has; a port is in its server's security group. */
    Set<String> names() throws CloudFailure, InterruptedException {
        var all = new TreeSet<String>();
        found("^ifaas-" + names.factoryId() + "-")
                .forEach(server -> all.add(server.path("name").asString("")));
        compute()
                .all("/os-keypairs", "keypairs")
                .forEach(pair -> all.add(pair.at("/keypair/name").asString("")));
        all.addAll(volumes.names());
        all.addAll(doorway.names());
        all.removeIf(name -> names.buildOf(name).isEmpty());
        return all;
    }

    /** Of these names those that servers have, or what belongs to one that was never made, or is gone. */
    List<String> present(List<String> wanted) throws CloudFailure, InterruptedException {
        var servers = found("^(" + String.join("|", wanted) + ")$").stream()
                .map(server -> server.path("name").asString(""))
                .collect(Collectors.toSet());
        var present = new ArrayList<String>();
        for (var name : wanted) {
            if (servers.contains(name)
                    || compute().find("/os-keypairs/" + name).isPresent()
                    || doorway.has(name)
                    || volumes.has(name)) {
                present.add(name);
            }
        }
        return present;
    }

    /** @param what they are, for people */
    List<String> list(String what, Predicate<String> which) throws StageFailure {
        try {
            return names().stream().filter(which).toList();
        } catch (CloudFailure e) {
            throw e.because("the " + what + " of cloud " + cloud.name() + " can't be listed");
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static StageFailure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StageFailure(Blame.CLOUD, "interrupted while a cloud was asked", "Retry.", e);
    }

    String console(String name) throws CloudFailure, InterruptedException {
        var servers = named(name);
        if (servers.isEmpty()) {
            return "";
        }
        var body = JSON.createObjectNode();
        body.putObject("os-getConsoleOutput");
        return compute()
                .post("/servers/" + servers.getFirst().path("id").asString() + "/action", body)
                .path("output")
                .asString("");
    }

    private interface Removal {
        void run() throws CloudFailure, InterruptedException;
    }

    /** @param what it is, for people */
    void remove(String what, String name) throws StageFailure, InterruptedException {
        try {
            destroy(name);
        } catch (CloudFailure e) {
            throw e.because(what + " " + name + " can't be removed whole");
        }
    }

    /** All that there is of it, as far as each can be removed; then the first that could not is told. */
    void destroy(String name) throws CloudFailure, StageFailure, InterruptedException {
        var failures = new ArrayList<CloudFailure>();
        for (var server : named(name)) {
            tried(() -> compute().delete("/servers/" + server.path("id").asString()), failures);
        }
        tried(() -> doorway.removeFloating(name), failures);
        if (failures.isEmpty()) {
            awaitGone(name);
        }
        tried(() -> volumes.remove(name), failures);
        tried(() -> compute().delete("/os-keypairs/" + name), failures);
        tried(() -> doorway.removeGroup(name), failures);
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static void tried(Removal removal, List<CloudFailure> failures) throws InterruptedException {
        try {
            removal.run();
        } catch (CloudFailure e) {
            failures.add(e);
        }
    }

    private void awaitGone(String name) throws CloudFailure, StageFailure, InterruptedException {
        var end = clock.instant().plus(GONE);
        while (!named(name).isEmpty()) {
            if (!clock.instant().isBefore(end)) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "cloud %s: server %s does not go, %d minutes after its deletion was asked for"
                                .formatted(cloud.name(), name, GONE.toMinutes()),
                        "The reaper asks again; ask the cloud's operator when it stays.");
            }
            pause.of(BETWEEN);
        }
    }
}
