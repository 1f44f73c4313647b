package org.ifaas.openstack.fake;

import static org.ifaas.openstack.fake.FakeCloud.JSON;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.openstack.fake.TinyServer.Reply;
import org.ifaas.openstack.fake.TinyServer.Request;
import tools.jackson.databind.node.ObjectNode;

/** The part of Cinder that is used. A volume is made when it is looked at for the second time. */
public final class FakeCinder {
    private final Map<String, ObjectNode> volumes = new ConcurrentHashMap<>();
    public String zone = "az1";
    public int mostVolumes = 10;
    /** What becomes of them. */
    public String end = "available";

    FakeCinder() {}

    public List<ObjectNode> volumes() {
        return new ArrayList<>(volumes.values());
    }

    ObjectNode volume(String id) {
        return volumes.get(id);
    }

    void remove(String id) {
        volumes.remove(id);
    }

    Reply handle(Request request, String path) throws IOException {
        var body = JSON.createObjectNode();
        var parts = path.substring(1).split("/");
        if (parts[0].equals("os-availability-zone")) {
            body.putArray("availabilityZoneInfo").addObject().put("zoneName", zone);
            return FakeCloud.json(200, body);
        }
        if (request.method().equals("POST")) {
            return create(
                    (ObjectNode) JSON.readTree(request.body().readAllBytes()).path("volume"));
        }
        if (parts[1].equals("detail")) {
            var all = body.putArray("volumes");
            var name = request.query().get("name");
            volumes.values().stream()
                    .filter(volume ->
                            name == null || volume.path("name").asString().equals(name))
                    .forEach(all::add);
            return FakeCloud.json(200, body);
        }
        var volume = volumes.get(parts[1]);
        if (volume == null) {
            return FakeCloud.error(404, "itemNotFound", "Volume " + parts[1] + " could not be found.");
        }
        if (request.method().equals("DELETE")) {
            if (!Set.of("available", "error").contains(volume.path("status").asString())) {
                return FakeCloud.error(400, "badRequest", "Invalid volume: Volume status must be available or error");
            }
            volumes.remove(parts[1]);
            return FakeCloud.nothing(202);
        }
        body.set("volume", volume.deepCopy());
        volume.put("status", end);
        return FakeCloud.json(200, body);
    }

    private synchronized Reply create(ObjectNode asked) {
        if (volumes.size() >= mostVolumes) {
            return FakeCloud.error(
                    413,
                    "overLimit",
                    "VolumeLimitExceeded: Maximum number of volumes allowed (%d) exceeded for quota 'volumes'."
                            .formatted(mostVolumes));
        }
        var id = UUID.randomUUID().toString();
        volumes.put(id, asked.put("id", id).put("status", "creating"));
        var body = JSON.createObjectNode();
        body.set("volume", asked);
        return FakeCloud.json(202, body);
    }
}
