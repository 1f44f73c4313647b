package org.ifaas.openstack.nova;

import java.util.ArrayList;
import java.util.List;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a machine is reached: a security group for the factory alone, and a floating address where one is needed. */
final class Doorway {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String GROUPS = "/v2.0/security-groups";
    private static final String RULES = "/v2.0/security-group-rules";
    private static final String FLOATING = "/v2.0/floatingips";
    private static final String PORTS = "/v2.0/ports";

    private static final int SSH = 22;

    private final Service network;

    Doorway(Service network) {
        this.network = network;
    }

    /** Lets in SSH from there; everything that begins inside may go out, as Neutron has it by itself. */
    String group(String name, String from) throws CloudFailure, InterruptedException {
        return letIn(name, from, SSH);
    }

    /** @return the group's id */
    String letIn(String name, String from, int port) throws CloudFailure, InterruptedException {
        var groups = groups(name);
        var id = groups.isEmpty() ? made(name) : groups.getFirst().path("id").asString();
        for (var rule : network.all(RULES + "?security_group_id=" + id, "security_group_rules")) {
            if (rule.path("remote_ip_prefix").asString("").equals(from)
                    && rule.path("port_range_min").asInt(0) == port) {
                return id;
            }
        }
        var body = JSON.createObjectNode();
        body.putObject("security_group_rule")
                .put("security_group_id", id)
                .put("direction", "ingress")
                .put("ethertype", from.contains(":") ? "IPv6" : "IPv4")
                .put("protocol", "tcp")
                .put("port_range_min", port)
                .put("port_range_max", port)
                .put("remote_ip_prefix", from);
        network.post(RULES, body);
        return id;
    }

    private String made(String name) throws CloudFailure, InterruptedException {
        var body = JSON.createObjectNode();
        body.putObject("security_group")
                .put("name", name)
                .put("description", "SSH from the image factory alone; goes with its build");
        try {
            return network.post(GROUPS, body).at("/security_group/id").asString();
        } catch (CloudFailure e) {
            var there = e.uncertain() ? groups(name) : List.<JsonNode>of();
            if (there.isEmpty()) {
                throw e;
            }
            return there.getFirst().path("id").asString();
        }
    }

    /** The one that is there, or another. */
    String floating(String name, String server, String external) throws CloudFailure, InterruptedException {
        for (var known : floating(name)) {
            return known.path("floating_ip_address").asString();
        }
        var ports = network.all(PORTS + "?device_id=" + server, "ports");
        var body = JSON.createObjectNode();
        body.putObject("floatingip")
                .put("floating_network_id", external)
                .put(
                        "port_id",
                        ports.isEmpty() ? "" : ports.getFirst().path("id").asString())
                .put("description", name);
        try {
            return network.post(FLOATING, body)
                    .at("/floatingip/floating_ip_address")
                    .asString();
        } catch (CloudFailure e) {
            var there = e.uncertain() ? floating(name) : List.<JsonNode>of();
            if (there.isEmpty()) {
                throw e;
            }
            return there.getFirst().path("floating_ip_address").asString();
        }
    }

    List<JsonNode> floating(String name) throws CloudFailure, InterruptedException {
        return addresses("?description=" + name).stream()
                .filter(one -> one.path("description").asString("").equals(name))
                .toList();
    }

    /** None in a cloud without routers, which does not know of them at all. */
    private List<JsonNode> addresses(String query) throws CloudFailure, InterruptedException {
        try {
            return network.all(FLOATING + query, "floatingips");
        } catch (CloudFailure e) {
            if (e.status() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    private List<JsonNode> groups(String name) throws CloudFailure, InterruptedException {
        var all = new ArrayList<>(network.all(GROUPS + "?name=" + name, "security_groups"));
        all.removeIf(group -> !group.path("name").asString("").equals(name));
        return all;
    }

    boolean has(String name) throws CloudFailure, InterruptedException {
        return !groups(name).isEmpty() || !floating(name).isEmpty();
    }

    /** Whose security groups and floating addresses there are. */
    List<String> names() throws CloudFailure, InterruptedException {
        var names = new ArrayList<String>();
        network.all(GROUPS + "?fields=id&fields=name", "security_groups")
                .forEach(group -> names.add(group.path("name").asString("")));
        addresses("").forEach(address -> names.add(address.path("description").asString("")));
        return names;
    }

    void removeFloating(String name) throws CloudFailure, InterruptedException {
        for (var address : floating(name)) {
            network.delete(FLOATING + "/" + address.path("id").asString());
        }
    }

    /**
     * With the ports that are in it: what Nova has made goes with its server, but not where that failed half-way, and a group that
     * is in use stays.
     */
    void removeGroup(String name) throws CloudFailure, InterruptedException {
        for (var group : groups(name)) {
            for (var port : network.all(PORTS + "?fields=id&fields=security_groups", "ports")) {
                if (port.path("security_groups").valueStream().anyMatch(group.path("id")::equals)) {
                    network.delete(PORTS + "/" + port.path("id").asString());
                }
            }
            network.delete(GROUPS + "/" + group.path("id").asString());
        }
    }
}
