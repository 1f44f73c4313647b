package org.ifaas.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.handover.OverSsh;
import org.ifaas.hosts.nfs.NfsHandover;
import org.ifaas.hosts.nfs.NfsPolicy;
import org.ifaas.storage.bucket.BucketHandover;
import org.ifaas.storage.bucket.BucketPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How what is built comes from its hosts.
 *
 * @param usual way of all hosts
 * @param byCloud ways of the servers of those clouds that have one of their own
 * @param bucket null where there is none
 * @param nfs null where there is none
 */
record HandoverConfig(
        String usual,
        Map<String, String> byCloud,
        @Nullable BucketPolicy bucket,
        @Nullable NfsPolicy nfs) {
    /** Of a cloud's entry, too. */
    static final String HANDOVER = "handover";

    private static final String USUAL = "hosts.handover";
    private static final Set<String> WAYS = Set.of(OverSsh.NAME, BucketHandover.NAME, NfsHandover.NAME);
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    /** What a signature of S3 allows. */
    private static final Duration LONGEST = Duration.ofDays(7);

    static HandoverConfig read(Settings settings, List<CloudConfig> clouds) {
        var bucket = bucket(settings);
        var nfs = nfs(settings);
        var usual = settings.text(USUAL, OverSsh.NAME);
        check(USUAL, usual, bucket, nfs, settings);
        var byCloud = new HashMap<String, String>();
        for (var cloud : clouds) {
            var way = cloud.handover();
            if (way != null) {
                check("clouds " + cloud.name() + ": " + HANDOVER, way, bucket, nfs, settings);
                byCloud.put(cloud.name(), way);
            }
        }
        return new HandoverConfig(usual, byCloud, bucket, nfs);
    }

    private static void check(
            String where, String way, @Nullable BucketPolicy bucket, @Nullable NfsPolicy nfs, Settings settings) {
        if (!WAYS.contains(way)) {
            settings.error(where, way, "ssh, bucket or nfs");
        } else if (way.equals(BucketHandover.NAME) && bucket == null) {
            settings.error(where, way, "described: add handover.bucket.endpoint and what belongs to it");
        } else if (way.equals(NfsHandover.NAME) && nfs == null) {
            settings.error(where, way, "described: add handover.nfs.folder and what belongs to it");
        }
    }

    private static @Nullable BucketPolicy bucket(Settings settings) {
        var endpoint = settings.textOrNull("handover.bucket.endpoint");
        var name = settings.text("handover.bucket.name", "");
        var region = settings.text("handover.bucket.region", "us-east-1");
        var prefix = settings.text("handover.bucket.prefix", "ifaas-hand-over/");
        var accessKey = settings.text("handover.bucket.access_key", "");
        var secret = settings.textOrNull("handover.bucket.secret_key_file");
        var authorities = settings.textOrNull("handover.bucket.ca_file");
        // A whole number of MiB, as hosts cut files by them.
        long part = settings.size("handover.bucket.part", 64 * MIB, 5 * MIB, 4 * GIB) / MIB * MIB;
        var valid = settings.duration("handover.bucket.address_valid", Duration.ofHours(1));
        if (endpoint == null) {
            return null;
        }
        if (!name.matches("[a-z0-9][a-z0-9.-]{2,62}")) {
            settings.error("handover.bucket.name", name.isEmpty() ? "nothing" : name, "the name of a bucket");
        }
        if (!prefix.matches("([A-Za-z0-9._-]+/){1,8}")) {
            settings.error(
                    "handover.bucket.prefix", prefix, "a folder of the factory's own in the bucket, such as built/");
        }
        if (accessKey.isEmpty()) {
            settings.error(
                    "handover.bucket.access_key", "nothing", "the id of a key that may read and write the bucket");
        }
        if (secret == null) {
            settings.error("handover.bucket.secret_key_file", "nothing", "a file whose first line is the key's secret");
        }
        if (valid.compareTo(LONGEST) > 0) {
            settings.error("handover.bucket.address_valid", valid, "at most 7d");
        }
        return new BucketPolicy(
                endpoint(endpoint, settings),
                region,
                name,
                prefix,
                accessKey,
                Path.of(secret == null ? "" : secret).toAbsolutePath(),
                Settings.path(authorities),
                part,
                valid);
    }

    private static URI endpoint(String text, Settings settings) {
        try {
            var endpoint = new URI(text);
            if (Set.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
                    && endpoint.getHost() != null
                    && endpoint.getRawUserInfo() == null
                    && endpoint.getRawQuery() == null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        settings.error("handover.bucket.endpoint", text, "an address such as https://s3.example.org");
        return URI.create("https://invalid");
    }

    private static @Nullable NfsPolicy nfs(Settings settings) {
        var folder = settings.textOrNull("handover.nfs.folder");
        var server = settings.text("handover.nfs.server", "");
        int port = settings.number("handover.nfs.port", 2049, 1, 65535);
        var export = settings.texts("handover.nfs.export");
        var unexport = settings.texts("handover.nfs.unexport");
        if (folder == null) {
            return null;
        }
        if (!folder.matches("/[A-Za-z0-9._/-]+") || folder.contains("/../")) {
            settings.error("handover.nfs.folder", folder, "the absolute path of a folder, without blanks");
        }
        if (!server.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,252}")) {
            settings.error(
                    "handover.nfs.server",
                    server.isEmpty() ? "nothing" : server,
                    "the name or address by which build hosts reach the NFS server");
        }
        if (export.isEmpty() != unexport.isEmpty()) {
            settings.error(
                    export.isEmpty() ? "handover.nfs.export" : "handover.nfs.unexport",
                    "nothing",
                    "a command, as the other one is");
        }
        return new NfsPolicy(
                Path.of(folder).normalize(),
                server,
                port,
                export.isEmpty() ? NfsPolicy.EXPORT : export,
                unexport.isEmpty() ? NfsPolicy.UNEXPORT : unexport);
    }

    Handovers handovers() {
        var all = new LinkedHashMap<String, Handover>();
        all.put(OverSsh.NAME, new OverSsh());
        if (bucket != null) {
            all.put(BucketHandover.NAME, new BucketHandover(bucket));
        }
        if (nfs != null) {
            all.put(NfsHandover.NAME, new NfsHandover(nfs));
        }
        var ofClouds = new HashMap<String, Handover>();
        byCloud.forEach((cloud, way) -> ofClouds.put(cloud, of(way, all)));
        return new Handovers(new ArrayList<>(all.values()), of(usual, all), ofClouds);
    }

    private static Handover of(String way, Map<String, Handover> all) {
        var handover = all.get(way);
        if (handover == null) {
            throw new IllegalStateException("no hand-over by " + way);
        }
        return handover;
    }
}
