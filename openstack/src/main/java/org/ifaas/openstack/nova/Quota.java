package org.ifaas.openstack.nova;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;

/**
 * One of the quotas of the factory's project.
 *
 * @param of what, as people say it
 * @param limit negative for none
 * @param needed so many more at once
 */
record Quota(String of, long limit, long used, long needed) {

    /**
     * Nova's quotas.
     *
     * @param servers the flavor of each that is needed
     */
    static List<Quota> of(Service compute, List<JsonNode> servers) throws CloudFailure, InterruptedException {
        var limits = compute.get("/limits").at("/limits/absolute");
        return List.of(
                quota("servers", limits, "maxTotalInstances", "totalInstancesUsed", servers.size()),
                quota("vCPUs", limits, "maxTotalCores", "totalCoresUsed", sum(servers, "vcpus")),
                quota("MiB of memory", limits, "maxTotalRAMSize", "totalRAMUsed", sum(servers, "ram")));
    }

    private static Quota quota(String of, JsonNode limits, String limit, String used, long needed) {
        return new Quota(of, limits.path(limit).asLong(-1), limits.path(used).asLong(0), needed);
    }

    private static long sum(List<JsonNode> flavors, String what) {
        return flavors.stream().mapToLong(flavor -> flavor.path(what).asLong()).sum();
    }

    /**
     * Neutron's quotas; none where it keeps them to itself.
     *
     * @param needed how many of what, in Neutron's words
     */
    static List<Quota> ofNetwork(Service network, Map<String, Integer> needed)
            throws CloudFailure, InterruptedException {
        var quotas = new ArrayList<Quota>();
        try {
            var details = network.get("/v2.0/quotas/" + network.cloud().projectId() + "/details.json");
            new TreeMap<>(needed).forEach((what, number) -> {
                var quota = details.path("quota").path(what);
                long used =
                        quota.path("used").asLong(0) + quota.path("reserved").asLong(0);
                quotas.add(new Quota(plural(what), quota.path("limit").asLong(-1), used, number));
            });
        } catch (CloudFailure e) {
            if (e.status() != 403 && e.status() != 404) {
                throw e;
            }
        }
        return quotas;
    }

    private static String plural(String what) {
        return what.equals("floatingip") ? "floating addresses" : what.replace('_', ' ') + "s";
    }

    private long left() {
        return limit < 0 ? Long.MAX_VALUE : limit - used;
    }

    /** Whether what is needed fits into it, now or ever. */
    boolean mayHold() {
        return limit < 0 || needed <= limit;
    }

    /** Whether what is needed does not fit into it now. */
    boolean full() {
        return left() < needed;
    }

    /** What is left of it, such as {@code any number of servers}. */
    String shown() {
        return (limit < 0 ? "any number of" : Long.toString(left())) + " " + of;
    }
}
