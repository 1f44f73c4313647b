package org.ifaas.openstack.nova;

import java.util.List;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;

/**
 * One of Nova's quotas of the factory's project.
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
