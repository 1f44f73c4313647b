package org.ifaas.openstack.nova;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;

/** Finds by id or name what the configuration names. */
final class Named {
    private final Service compute;
    private final Service network;
    private final Service image;

    Named(Service compute, Service network, Service image) {
        this.compute = compute;
        this.network = network;
        this.image = image;
    }

    JsonNode flavor(String name) throws CloudFailure, StageFailure, InterruptedException {
        return one("flavor", name, flavors());
    }

    /** That of build hosts, which need something to boot from. */
    JsonNode hostFlavor(Placement placement) throws CloudFailure, StageFailure, InterruptedException {
        var flavor = flavor(placement.hostFlavor());
        if (diskless(flavor) && placement.hostVolumeGiB() == 0) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "cloud %s: host_flavor: %s has no disk, and host_volume_gib is 0"
                            .formatted(compute.cloud().name(), placement.hostFlavor()),
                    "Write into host_volume_gib how large a volume build hosts are to boot from, such as 40.");
        }
        return flavor;
    }

    /** Whose servers boot from a volume. */
    static boolean diskless(JsonNode flavor) {
        return flavor.path("disk").asInt() == 0;
    }

    /** The smallest that such a machine fits into; one without a disk where no other fits. */
    JsonNode flavor(HostSize size) throws CloudFailure, StageFailure, InterruptedException {
        return flavors().stream()
                .filter(flavor -> flavor.path("ram").asInt() >= size.memoryMiB()
                        && (diskless(flavor) || flavor.path("disk").asInt() >= size.diskGiB()))
                .min(Comparator.comparing(Named::diskless)
                        .thenComparingInt(flavor -> flavor.path("ram").asInt())
                        .thenComparingInt(flavor -> flavor.path("disk").asInt())
                        .thenComparingInt(flavor -> flavor.path("vcpus").asInt()))
                .orElseThrow(() -> new StageFailure(
                        Blame.CLOUD,
                        "cloud %s: no flavor has %d MiB of memory and %d GiB of disk"
                                .formatted(compute.cloud().name(), size.memoryMiB(), size.diskGiB()),
                        "Have such a flavor made, or name one in instance_flavor of the cloud in ifaas.yaml."));
    }

    List<JsonNode> flavors() throws CloudFailure, InterruptedException {
        return compute.all("/flavors/detail", "flavors");
    }

    String network(String name) throws CloudFailure, StageFailure, InterruptedException {
        return one("network", name, network.all("/v2.0/networks", "networks"))
                .path("id")
                .asString();
    }

    String image(String name) throws CloudFailure, StageFailure, InterruptedException {
        if (name.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            var byId = image.find("/v2/images/" + name);
            if (byId.isPresent()) {
                return name;
            }
        }
        var query = "/v2/images?status=active&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        return one("image", name, image.all(query, "images")).path("id").asString();
    }

    private JsonNode one(String kind, String name, List<JsonNode> all) throws StageFailure {
        var byId = all.stream()
                .filter(thing -> thing.path("id").asString("").equals(name))
                .toList();
        var found = byId.isEmpty()
                ? all.stream()
                        .filter(thing -> thing.path("name").asString("").equals(name))
                        .toList()
                : byId;
        if (found.size() == 1) {
            return found.getFirst();
        }
        var cloud = compute.cloud().name();
        if (found.size() > 1) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "cloud %s: %d have the name of the %s %s".formatted(cloud, found.size(), kind, name),
                    "Write the id of the one that is meant into clouds in ifaas.yaml.");
        }
        var known = all.stream()
                .map(thing -> thing.path("name").asString(""))
                .sorted()
                .limit(20)
                .collect(Collectors.joining(", "));
        throw new StageFailure(
                Blame.FACTORY,
                "cloud %s: there is no %s %s".formatted(cloud, kind, name),
                known.isEmpty()
                        ? "Name one that exists in clouds in ifaas.yaml."
                        : "Choose among " + known + " in clouds in ifaas.yaml.");
    }
}
