package org.ifaas.openstack.fake;

import static org.ifaas.openstack.fake.FakeCloud.JSON;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.openstack.fake.TinyServer.Reply;
import org.ifaas.openstack.fake.TinyServer.Request;
import tools.jackson.databind.node.ObjectNode;

/** The part of Neutron that is used: networks, ports, security groups and their rules, floating addresses. */
public final class FakeNeutron {
    private final Map<String, Map<String, ObjectNode>> things = new TreeMap<>();
    /** By kind; any number of those that are not here. */
    public final Map<String, Integer> quotas = new ConcurrentHashMap<>();
    /** Off in a Neutron without the extension quota_details, or one whose policy keeps it to administrators. */
    public boolean tellsQuotas = true;

    FakeNeutron() {
        for (var kind : new String[] {"networks", "ports", "security-groups", "security-group-rules", "floatingips"}) {
            things.put(kind, new ConcurrentHashMap<>());
        }
        network("net-lab", "lab", false);
        network("net-out", "public", true);
    }

    private void network(String id, String name, boolean external) {
        things.get("networks")
                .put(id, JSON.createObjectNode().put("id", id).put("name", name).put("router:external", external));
    }

    /** As in a cloud whose Neutron has no routers: it does not know of floating addresses. */
    public void withoutRouters() {
        things.remove("floatingips");
    }

    public Map<String, ObjectNode> all(String kind) {
        return things.get(kind);
    }

    ObjectNode port(String server, String network) {
        var id = UUID.randomUUID().toString();
        var port =
                JSON.createObjectNode().put("id", id).put("device_id", server).put("network_id", network);
        things.get("ports").put(id, port);
        return port;
    }

    Reply handle(Request request, String path) throws IOException {
        var parts = path.substring("/v2.0/".length()).split("/");
        var kind = things.get(parts[0]);
        var plural = parts[0].replace('-', '_');
        var singular = plural.substring(0, plural.length() - 1);
        if (path.equals("/v2.0/quotas/p1/details.json") && tellsQuotas) {
            return details();
        }
        if (kind == null) {
            return refuse(404, "The resource could not be found.");
        }
        if (parts.length == 1 && request.method().equals("GET")) {
            var body = JSON.createObjectNode();
            var found = body.putArray(plural);
            kind.values().stream()
                    .filter(thing -> request.query().entrySet().stream()
                            .filter(one -> thing.has(one.getKey()))
                            .allMatch(one -> thing.path(one.getKey()).asString().equals(one.getValue())))
                    .forEach(found::add);
            return FakeCloud.json(200, body);
        }
        if (request.method().equals("POST")) {
            if (kind.size() >= quotas.getOrDefault(parts[0], Integer.MAX_VALUE)) {
                return refuse(409, "Quota exceeded for resources: ['" + singular + "'].");
            }
            var made = (ObjectNode) JSON.readTree(request.body().readAllBytes()).path(singular);
            var id = UUID.randomUUID().toString();
            made.put("id", id);
            if (parts[0].equals("floatingips")) {
                made.put("floating_ip_address", "203.0.113." + (kind.size() + 5));
            }
            kind.put(id, made);
            var body = JSON.createObjectNode();
            body.set(singular, made);
            return FakeCloud.json(201, body);
        }
        var thing = kind.get(parts[1]);
        if (thing == null) {
            return refuse(404, singular + " " + parts[1] + " could not be found.");
        }
        if (request.method().equals("DELETE")) {
            if (parts[0].equals("security-groups")
                    && things.get("ports").values().stream()
                            .anyMatch(port -> port.path("security_groups")
                                    .valueStream()
                                    .anyMatch(group -> group.asString().equals(parts[1])))) {
                return refuse(409, "Security Group " + parts[1] + " in use.");
            }
            kind.remove(parts[1]);
            return FakeCloud.nothing(204);
        }
        var body = JSON.createObjectNode();
        body.set(singular, thing);
        return FakeCloud.json(200, body);
    }

    private Reply details() {
        var body = JSON.createObjectNode();
        var all = body.putObject("quota");
        things.forEach((kind, those) -> all.putObject(kind.replace('-', '_').replaceFirst("s$", ""))
                .put("limit", quotas.getOrDefault(kind, -1))
                .put("used", those.size())
                .put("reserved", 0));
        return FakeCloud.json(200, body);
    }

    private static Reply refuse(int status, String words) {
        return FakeCloud.error(status, "NeutronError", words);
    }
}
