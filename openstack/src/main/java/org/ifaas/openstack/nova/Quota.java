package org.ifaas.openstack.nova;

import java.util.List;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * One of the quotas of the factory's project.
 *
 * @param of what, as people say it
 * @param limit negative for none
 */
public record Quota(String of, long limit, long used) {

    /** Those of servers, vCPUs and memory, in this order. */
    public static List<Quota> of(Service compute) throws CloudFailure, InterruptedException {
        var limits = compute.get("/limits").at("/limits/absolute");
        return List.of(
                quota("servers", limits, "maxTotalInstances", "totalInstancesUsed"),
                quota("vCPUs", limits, "maxTotalCores", "totalCoresUsed"),
                quota("MiB of memory", limits, "maxTotalRAMSize", "totalRAMUsed"));
    }

    /** Those of security groups, ports and floating addresses, in this order; without a limit where Neutron tells none. */
    public static List<Quota> ofNetwork(Service network) throws CloudFailure, InterruptedException {
        var quotas = details(network);
        return List.of(
                detail("security groups", quotas.path("security_group")),
                detail("ports", quotas.path("port")),
                detail("floating addresses", quotas.path("floatingip")));
    }

    private static JsonNode details(Service network) throws CloudFailure, InterruptedException {
        try {
            return network.get("/v2.0/quotas/" + network.cloud().projectId() + "/details.json")
                    .path("quota");
        } catch (CloudFailure e) {
            if (e.status() == 403 || e.status() == 404) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static Quota detail(String of, JsonNode quota) {
        return new Quota(
                of,
                quota.path("limit").asLong(-1),
                quota.path("used").asLong(0) + quota.path("reserved").asLong(0));
    }

    private static Quota quota(String of, JsonNode limits, String limit, String used) {
        return new Quota(of, limits.path(limit).asLong(-1), limits.path(used).asLong(0));
    }

    public long left() {
        return limit < 0 ? Long.MAX_VALUE : limit - used;
    }

    /** Whether so much fits into it, now or ever. */
    boolean mayHold(long wanted) {
        return limit < 0 || wanted <= limit;
    }

    /** Such as {@code any number of servers}. */
    public String shown() {
        return (limit < 0 ? "any number of" : Long.toString(left())) + " " + of;
    }
}
