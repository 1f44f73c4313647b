package org.ifaas.openstack.doctor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.ifaas.factory.host.Availability;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Look;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.glance.Fetches;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.Offers;
import org.ifaas.openstack.nova.Placement;
import org.ifaas.openstack.nova.PlacementCheck;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Looks at everything that a build needs in a cloud, for real, and tries that the factory may not publish there. */
public final class CloudDoctor {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PATCH = "application/openstack-images-v2.1-json-patch";

    private final CloudClient cloud;
    private final Map<String, GlancePolicy> regions;
    private final @Nullable Placement placement;
    private final String factoryId;
    private final Pause pause;

    /**
     * @param regions of the cloud, that are regions of the factory, and how images come there
     * @param placement null where the factory has no servers there
     */
    public CloudDoctor(
            CloudClient cloud,
            Map<String, GlancePolicy> regions,
            @Nullable Placement placement,
            String factoryId,
            Pause pause) {
        this.cloud = cloud;
        this.regions = new LinkedHashMap<>(regions);
        this.placement = placement;
        this.factoryId = factoryId;
        this.pause = pause;
    }

    /** By what was looked at, in the order in which it matters. */
    public Map<String, Availability> checks() throws InterruptedException {
        var checks = new LinkedHashMap<String, Availability>();
        var identity = looked(this::identity);
        checks.put("identity", identity);
        if (!identity.available()) {
            return checks;
        }
        checks.put("roles", looked(this::roles));
        for (var entry : regions.entrySet()) {
            var region = entry.getKey();
            checks.put("images in " + region, looked(() -> images(region, entry.getValue())));
            var served = entry.getValue().served();
            if (served != null) {
                var fetches = new Fetches(cloud.service("image", region), served, own("can-it-fetch"), pause);
                checks.put("fetching in " + region, looked(fetches::can));
            }
            checks.put("publishing in " + region, looked(() -> publishing(region)));
        }
        var where = placement;
        if (where != null) {
            for (var check : new PlacementCheck(cloud, where).all().entrySet()) {
                checks.put(check.getKey(), check.getValue().found());
            }
        }
        return checks;
    }

    private static Availability looked(Look look) throws InterruptedException {
        return look.found();
    }

    private Availability identity() throws CloudFailure, InterruptedException {
        return good("project " + cloud.project() + " (" + cloud.projectId() + "), regions "
                + String.join(", ", cloud.regions()));
    }

    private Availability roles() throws CloudFailure, InterruptedException {
        var roles = String.join(", ", cloud.roles());
        return cloud.roles().contains("admin")
                ? new Availability(
                        false,
                        "the credential has the roles " + roles + ": it may do anything in the cloud",
                        "Make an application credential with the role member alone: 'openstack application credential create"
                                + " --role member image-factory'.")
                : good(roles);
    }

    private Availability images(String region, GlancePolicy policy) throws CloudFailure, InterruptedException {
        var images = cloud.service("image", region);
        images.get("/v2/images?limit=1");
        return new Offers(images, policy)
                .missing()
                .orElse(good("Glance answers, images come by " + policy.method().word() + " as "
                        + policy.diskFormat().word()
                        + (policy.stores().isEmpty() ? "" : " to " + String.join(", ", policy.stores()))));
    }

    /** An empty image is to be made public, which must be refused, and goes at once; one that a crash left goes first. */
    private Availability publishing(String region) throws CloudFailure, InterruptedException {
        var images = cloud.service("image", region);
        var name = own("may-it-publish");
        for (var left : images.all("/v2/images?name=" + name, "images")) {
            images.delete("/v2/images/" + left.path("id").asString());
        }
        var id = UUID.randomUUID().toString();
        var image = JSON.createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("disk_format", "qcow2")
                .put("container_format", "bare")
                .put("visibility", "private");
        image.putArray("tags").add("ifaas-" + factoryId);
        var change = JSON.createArrayNode();
        change.addObject().put("op", "replace").put("path", "/visibility").put("value", "public");
        try {
            images.post("/v2/images", image);
            images.patch("/v2/images/" + id, PATCH, change);
            return new Availability(
                    false,
                    "the factory's own credential may make images public, so that nobody but the factory guards it",
                    "Take the right publicize_image from its roles: publishing is the publisher's, with a credential of its"
                            + " own.");
        } catch (CloudFailure e) {
            if (e.status() == 403 && e.method().equals("PATCH")) {
                return good("refused, as it must be: only the publisher may");
            }
            throw e;
        } finally {
            images.delete("/v2/images/" + id);
        }
    }

    private String own(String trial) {
        return "ifaas-" + factoryId + "-" + trial;
    }

    private static Availability good(String detail) {
        return new Availability(true, detail, "");
    }
}
