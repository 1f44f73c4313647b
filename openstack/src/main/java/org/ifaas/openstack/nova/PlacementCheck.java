package org.ifaas.openstack.nova;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Look;

/** Whether all that a placement names is there, and there is room for a build. */
public final class PlacementCheck {
    /** No image is as small as that: the smallest flavor of all. */
    private static final HostSize SMALLEST = new HostSize(1, 1, 1);

    private final CloudClient cloud;
    private final Placement placement;

    public PlacementCheck(CloudClient cloud, Placement placement) {
        this.cloud = cloud;
        this.placement = placement;
    }

    public Map<String, Look> all() {
        var region = placement.region();
        var named = new Named(
                cloud.service("compute", region), cloud.service("network", region), cloud.service("image", region));
        var looks = new LinkedHashMap<String, Look>();
        looks.put("quota", () -> quota(named));
        looks.put("network", () -> good(placement.network(), named.network(placement.network())));
        var floating = placement.floatingNetwork();
        if (floating != null) {
            looks.put("floating network", () -> good(floating, named.network(floating)));
        }
        if (placement.hosts()) {
            looks.put("host image", () -> good(placement.hostImage(), named.image(placement.hostImage())));
            looks.put(
                    "host flavor",
                    () -> good(
                            placement.hostFlavor(),
                            named.hostFlavor(placement).path("id").asString()));
        }
        var instances = placement.instanceFlavor();
        if (instances != null) {
            looks.put(
                    "instance flavor",
                    () -> good(instances, named.flavor(instances).path("id").asString()));
        }
        return looks;
    }

    /** For a build host, as far as they are there, and two test instances. */
    private Availability quota(Named named) throws CloudFailure, StageFailure, InterruptedException {
        var instances = placement.instanceFlavor();
        var instance = instances == null ? named.flavor(SMALLEST) : named.flavor(instances);
        var servers = new ArrayList<>(List.of(instance, instance));
        if (placement.hosts()) {
            servers.add(named.hostFlavor(placement));
        }
        var needed = new HashMap<>(Map.of("port", servers.size(), "security_group", servers.size()));
        if (placement.floatingNetwork() != null) {
            needed.put("floatingip", servers.size());
        }
        var quotas = new ArrayList<>(Quota.of(cloud.service("compute", placement.region()), servers));
        quotas.addAll(Quota.ofNetwork(cloud.service("network", placement.region()), needed));
        var left = joined(quotas, Quota::shown) + " are left";
        var full = quotas.stream().filter(Quota::full).toList();
        return full.isEmpty()
                ? new Availability(true, left, "")
                : new Availability(
                        false,
                        left + ", and a build needs " + joined(full, quota -> quota.needed() + " " + quota.of())
                                + " at once",
                        "Have the quota of " + joined(full, Quota::of)
                                + " raised, or remove what is not needed there.");
    }

    private static String joined(List<Quota> quotas, Function<Quota, String> each) {
        return quotas.stream().map(each).collect(Collectors.joining(", "));
    }

    private static Availability good(String name, String id) {
        return new Availability(true, name.equals(id) ? name : name + " (" + id + ")", "");
    }
}
