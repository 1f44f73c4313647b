package org.ifaas.factory.suite;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the suite is told about the image and the instance.
 *
 * @param user the account that was asked for, by which the factory logs in
 * @param hostname as the seed asked for
 * @param seedKey the line of the seed's {@code authorized_keys}
 * @param boot from power-on to the first login
 * @param bootBudget how long that may take, with patience counted in
 * @param patience how many times slower than with hardware acceleration the instance may be
 * @param imageBytes virtual size of the image's disk
 * @param diskBytes size of the instance's disk
 * @param mirrorHosts {@code host} or {@code host:port} of the mirrors the image was built from
 * @param customerHosts those of the package sources that the image is meant to have
 * @param outbound the only address that may be contacted; null for none
 * @param packagesOffered what the mirrors offered at the build: lines of name, tab, version; may be empty
 * @param own the definition's own tests
 */
public record SuiteInputs(
        String user,
        String hostname,
        String seedKey,
        Duration boot,
        Duration bootBudget,
        int patience,
        long imageBytes,
        long diskBytes,
        Set<String> mirrorHosts,
        Set<String> customerHosts,
        @Nullable Outbound outbound,
        String packagesOffered,
        List<Script> own) {

    /** @param host a name, or an address in digits */
    public record Outbound(String host, int port) {}

    Map<String, String> parameters(SuitePolicy policy) {
        var values = new TreeMap<String, String>();
        values.put("IFAAS_USER", user);
        values.put("IFAAS_HOSTNAME", hostname);
        values.put("IFAAS_SEED_KEY", keyMaterial());
        values.put("IFAAS_BOOT_MILLISECONDS", Long.toString(boot.toMillis()));
        values.put("IFAAS_BOOT_BUDGET_MILLISECONDS", Long.toString(bootBudget.toMillis()));
        values.put(
                "IFAAS_SETTLE_SECONDS",
                Long.toString(slow(policy.settleLimit(), policy).toSeconds()));
        values.put(
                "IFAAS_VERIFY_SECONDS",
                Long.toString(slow(policy.scriptLimit(), policy).toSeconds() * 2 / 3));
        values.put("IFAAS_IMAGE_VIRTUAL_BYTES", Long.toString(imageBytes));
        values.put("IFAAS_DISK_BYTES", Long.toString(diskBytes));
        var hosts = new LinkedHashSet<>(mirrorHosts);
        hosts.removeAll(customerHosts);
        values.put(
                "IFAAS_MIRROR_HOSTS", hosts.stream().map(SuiteInputs::searched).collect(Collectors.joining(" ")));
        if (hosts.isEmpty() && !mirrorHosts.isEmpty()) {
            values.put("IFAAS_MIRROR_HOSTS_REASON", "the image is meant to use the mirrors it was built from");
        }
        if (outbound != null) {
            values.put("IFAAS_OUTBOUND_HOST", outbound.host());
            values.put("IFAAS_OUTBOUND_PORT", Integer.toString(outbound.port()));
        }
        return values;
    }

    /** This machine's own names stand in every image: only an address that begins with one is the mirror's. */
    private static String searched(String host) {
        return host.equals("localhost") || host.startsWith("127.") ? "//" + host : host;
    }

    Duration slow(Duration limit, SuitePolicy policy) {
        return limit.multipliedBy(Math.clamp(patience, 1, policy.mostPatience()));
    }

    private String keyMaterial() {
        var words = seedKey.strip().split(" +");
        return words.length > 1 ? words[1] : words[0];
    }
}
