package org.ifaas.openstack.nova;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ifaas.factory.host.Availability;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Look;

/** Whether all that a placement names is there. */
public final class PlacementCheck {
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

    private static Availability good(String name, String id) {
        return new Availability(true, name.equals(id) ? name : name + " (" + id + ")", "");
    }
}
