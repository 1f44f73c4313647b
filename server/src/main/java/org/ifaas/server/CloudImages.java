package org.ifaas.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.ImportMethod;
import org.ifaas.openstack.glance.ServedStore;
import org.jspecify.annotations.Nullable;

/** How images come into the regions of a cloud, as its entry says: for all of them, or for each. */
final class CloudImages {
    static final String IMPORT_METHOD = "import_method";
    static final String IMPORT_PATIENCE = "import_patience";
    static final String STORES = "stores";
    static final String STORE_URL = "store_url";

    private final String where;
    private final List<String> regions;
    private final Map<String, String> entry;
    private final Settings settings;

    private CloudImages(String cloud, List<String> regions, Map<String, String> entry, Settings settings) {
        this.where = "clouds " + cloud;
        this.regions = regions;
        this.entry = entry;
        this.settings = settings;
    }

    /** @param store the artifact store */
    static Map<String, GlancePolicy> read(
            String cloud, List<String> regions, Path store, Map<String, String> entry, Settings settings) {
        return new CloudImages(cloud, regions, entry, settings).read(store);
    }

    private Map<String, GlancePolicy> read(Path store) {
        var formats = eachRegion(Config.DISK_FORMAT);
        var methods = eachRegion(IMPORT_METHOD);
        var stores = eachRegion(STORES);
        var urls = eachRegion(STORE_URL);
        var patience = CloudConfig.duration(
                where + ": " + IMPORT_PATIENCE, entry.get(IMPORT_PATIENCE), GlancePolicy.PATIENCE, settings);
        var policies = new LinkedHashMap<String, GlancePolicy>();
        for (var region : regions) {
            var format = Config.diskFormat(where, formats.get(region), settings);
            var method = method(methods.get(region));
            var named = List.of(stores.getOrDefault(region, "").split("[ ,]+")).stream()
                    .filter(name -> !name.isEmpty())
                    .toList();
            if (method == ImportMethod.WEB_DOWNLOAD) {
                var served = served(urls.get(region), store);
                method = served == null ? ImportMethod.DIRECT : method;
                policies.put(region, new GlancePolicy(format, method, named, served, patience));
            } else {
                policies.put(region, new GlancePolicy(format, method, named, null, patience));
            }
        }
        return policies;
    }

    private ImportMethod method(@Nullable String word) {
        if (word != null && ImportMethod.of(word).isEmpty()) {
            var known =
                    Arrays.stream(ImportMethod.values()).map(ImportMethod::word).collect(Collectors.joining(", "));
            settings.error(where + ": " + IMPORT_METHOD, word, "one of " + known);
        }
        return word == null ? ImportMethod.DIRECT : ImportMethod.of(word).orElse(ImportMethod.DIRECT);
    }

    /** @return null when there is an error */
    private @Nullable ServedStore served(@Nullable String url, Path store) {
        try {
            var address = new URI(url == null ? "" : url);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            if (web && address.getHost() != null && address.getRawQuery() == null && address.getRawUserInfo() == null) {
                return new ServedStore(store, address);
            }
        } catch (URISyntaxException e) {
            // Told below, like one that is missing.
        }
        settings.error(
                where + ": " + STORE_URL,
                url == null ? "nothing" : url,
                "an address such as https://store.example.org/ifaas, where Glance finds store.directory");
        return null;
    }

    /** One value is for all regions; a mapping names the region of each. */
    private Map<String, String> eachRegion(String field) {
        var text = entry.get(field);
        var values = new TreeMap<String, String>();
        if (text == null) {
            return values;
        }
        if (!text.contains("=")) {
            regions.forEach(region -> values.put(region, text));
            return values;
        }
        for (var pair : text.split(",")) {
            int equals = pair.indexOf('=');
            var region = pair.substring(0, Math.max(0, equals));
            if (!regions.contains(region)) {
                settings.error(
                        where + ": " + field,
                        pair,
                        "a mapping of regions that are used: " + String.join(", ", regions));
            }
            values.put(region, pair.substring(equals + 1));
        }
        return values;
    }
}
