package org.ifaas.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.host.Listening;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.CloudsYaml;
import org.ifaas.openstack.cloud.InvalidClouds;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.nova.Placement;
import org.jspecify.annotations.Nullable;

/**
 * A cloud that the factory uses.
 *
 * @param regions the cloud's own names of those regions that are the factory's too, the home region first
 * @param images how they come into each of these regions
 * @param own whether the factory publishes in its regions itself
 * @param placement null where the factory has no servers there
 * @param handover how what its build hosts have built comes to the factory; null for the usual way
 */
record CloudConfig(
        Cloud cloud,
        List<String> regions,
        Map<String, GlancePolicy> images,
        boolean own,
        @Nullable Placement placement,
        @Nullable String handover) {
    private static final String CLOUDS = "clouds";
    private static final String IPERF3_ADDRESS = "iperf3_address";
    private static final String IPERF3_PORTS = "iperf3_ports";
    private static final Set<String> FIELDS = Set.of(
            "name",
            "regions",
            "network",
            "floating_network",
            "factory_address",
            "zone",
            "host_image",
            "host_flavor",
            "host_volume_gib",
            "instance_flavor",
            "boot_patience",
            "launch_limit",
            IPERF3_ADDRESS,
            IPERF3_PORTS,
            HandoverConfig.HANDOVER,
            Config.DISK_FORMAT,
            CloudImages.IMPORT_METHOD,
            CloudImages.IMPORT_PATIENCE,
            CloudImages.STORES,
            CloudImages.STORE_URL,
            Config.PUBLISHED_BY);

    String name() {
        return cloud.name();
    }

    /** The region's name in the factory: several clouds may have a region of the same name. */
    String region(String own) {
        return name() + "." + own;
    }

    /**
     * @param directory the working directory, where {@code clouds.yaml} is looked for
     * @param store the artifact store
     */
    static List<CloudConfig> read(Settings settings, Map<String, String> environment, Path directory, Path store) {
        var entries = settings.entries(CLOUDS, FIELDS);
        var file = settings.textOrNull("clouds_yaml");
        var names = new ArrayList<String>();
        for (var entry : entries) {
            var name = entry.getOrDefault("name", "");
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,30}") || names.contains(name)) {
                settings.error(
                        CLOUDS,
                        entry,
                        "a cloud with a name of its own, as clouds.yaml has it, of letters, digits, _ and -");
            } else {
                names.add(name);
            }
        }
        var variables = new HashMap<>(environment);
        if (file != null) {
            variables.put("OS_CLIENT_CONFIG_FILE", file);
        }
        try {
            var clouds = CloudsYaml.read(variables, directory, Path.of(System.getProperty("user.home", "/")), names);
            var configs = new ArrayList<CloudConfig>();
            for (var entry : entries) {
                var cloud = clouds.get(entry.getOrDefault("name", ""));
                if (cloud != null) {
                    configs.add(of(cloud, entry, store, settings));
                }
            }
            return configs;
        } catch (InvalidClouds e) {
            e.errors().forEach(settings::problem);
            return List.of();
        }
    }

    private static CloudConfig of(Cloud cloud, Map<String, String> entry, Path store, Settings settings) {
        var named = entry.get("regions");
        var regions = named == null ? cloud.regions() : List.of(named.split(" *, *"));
        if (regions.isEmpty() || regions.stream().anyMatch(region -> !region.matches("[A-Za-z0-9._-]{1,31}"))) {
            settings.error(
                    CLOUDS + " " + cloud.name() + ": regions",
                    regions,
                    "a list of regions of that cloud, the home region first; clouds.yaml may have it too");
            return new CloudConfig(cloud, List.of(), Map.of(), false, null, null);
        }
        if (regions.size() > 1) {
            cloud.endpoints().keySet().forEach(service -> settings.problem(overridden(cloud, service, regions)));
        }
        return new CloudConfig(
                cloud,
                regions,
                CloudImages.read(cloud.name(), regions, store, entry, settings),
                Config.own(CLOUDS + " " + cloud.name(), entry, Config.PUBLISHER, settings),
                placement(cloud, regions.getFirst(), entry, settings),
                entry.get(HandoverConfig.HANDOVER));
    }

    /** Ids of images differ by region: copies that came to the wrong one would be taken for good. */
    private static String overridden(Cloud cloud, String service, List<String> regions) {
        return ("%s: cloud %s: %s_endpoint_override: is of one region, and the factory uses %s: all of them would be that one."
                        + " Describe each region as a cloud of its own, with region_name, and name those in clouds of ifaas.yaml.")
                .formatted(cloud.source(), cloud.name(), service.replace('-', '_'), String.join(", ", regions));
    }

    private static @Nullable Placement placement(
            Cloud cloud, String region, Map<String, String> entry, Settings settings) {
        var network = entry.get("network");
        if (network == null) {
            return null;
        }
        var where = CLOUDS + " " + cloud.name() + ": ";
        var from = entry.getOrDefault("factory_address", "none");
        if (!from.matches("[0-9.]{7,15}/[0-9]{1,2}|[0-9a-fA-F:]{2,39}/[0-9]{1,3}")) {
            settings.error(
                    where + "factory_address",
                    from,
                    "the address from which the factory reaches its servers, such as 192.0.2.7/32");
        }
        if (entry.containsKey("host_image") != entry.containsKey("host_flavor")) {
            settings.error(
                    where + (entry.containsKey("host_image") ? "host_flavor" : "host_image"),
                    "nothing",
                    "what build hosts need, beside the other of host_image and host_flavor");
        }
        return new Placement(
                region,
                network,
                entry.get("floating_network"),
                from,
                entry.get("zone"),
                entry.getOrDefault("host_image", ""),
                entry.getOrDefault("host_flavor", ""),
                number(where + "host_volume_gib", entry.get("host_volume_gib"), 0, 0, 1 << 16, settings),
                entry.get("instance_flavor"),
                number(where + "boot_patience", entry.get("boot_patience"), 1, 1, 100, settings),
                reach(where, entry, settings),
                duration(where + "launch_limit", entry.get("launch_limit"), Duration.ofMinutes(10), settings));
    }

    private static @Nullable Listening reach(String where, Map<String, String> entry, Settings settings) {
        var address = entry.get(IPERF3_ADDRESS);
        var ports = entry.getOrDefault(IPERF3_PORTS, "5201-5299");
        if (address == null) {
            if (entry.containsKey(IPERF3_PORTS)) {
                settings.error(where + IPERF3_PORTS, ports, "of use without iperf3_address");
            }
            return null;
        }
        if (!address.matches("[0-9.]{7,15}|[0-9a-fA-F:]{2,39}")) {
            settings.error(
                    where + IPERF3_ADDRESS,
                    address,
                    "an address of this machine that servers reach, such as 192.0.2.7");
            return null;
        }
        var range = ports.matches("[0-9]{1,5}-[0-9]{1,5}") ? ports.split("-") : new String[] {"0", "0"};
        var listening = new Listening(address, Integer.parseInt(range[0]), Integer.parseInt(range[1]));
        if (listening.first() < 1 || listening.last() > 65535 || listening.first() > listening.last()) {
            settings.error(where + IPERF3_PORTS, ports, "a range of ports such as 5201-5299");
            return null;
        }
        return listening;
    }

    private static int number(
            String field, @Nullable String text, int ifMissing, int least, int most, Settings settings) {
        if (text == null) {
            return ifMissing;
        }
        if (text.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        settings.error(field, text, "a whole number from " + least + " to " + most);
        return ifMissing;
    }

    static Duration duration(String field, @Nullable String text, Duration ifMissing, Settings settings) {
        try {
            return text == null ? ifMissing : Settings.duration(text);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            settings.error(field, String.valueOf(text), "a duration such as 30s, 15m, 4h");
            return ifMissing;
        }
    }
}
