package org.ifaas.openstack.client;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ifaas.openstack.cloud.Cloud;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One cloud, as one credential sees it. Safe for use by several threads. */
public final class CloudClient {
    /** Names under which a catalogue may have a service. */
    private static final Map<String, List<String>> TYPES =
            Map.of("block-storage", List.of("block-storage", "volumev3", "volume"));

    private final Cloud cloud;
    private final Transport transport;
    private final Keystone keystone;

    /** @throws IOException when the certificates that it is to trust can't be read */
    public CloudClient(Cloud cloud, ClientPolicy policy, InstantSource clock, Pause pause) throws IOException {
        this.cloud = cloud;
        this.transport = new Transport(cloud, policy, clock, pause);
        this.keystone = new Keystone(cloud, transport, policy, clock);
    }

    public String name() {
        return cloud.name();
    }

    /** @param type {@code image}, {@code compute}, {@code network}, {@code block-storage} */
    public Service service(String type, String region) {
        return new Service(this, type, region, Map.of());
    }

    /** Regions of the catalogue. */
    public Set<String> regions() throws CloudFailure, InterruptedException {
        var regions = new TreeSet<String>();
        for (var service : keystone.token().catalogue()) {
            service.path("endpoints").forEach(endpoint -> regions.add(region(endpoint)));
        }
        return regions;
    }

    /** What the credential may do: its roles in its project. */
    public Set<String> roles() throws CloudFailure, InterruptedException {
        return keystone.token().roles();
    }

    public String project() throws CloudFailure, InterruptedException {
        return keystone.token().project();
    }

    public String projectId() throws CloudFailure, InterruptedException {
        return keystone.token().projectId();
    }

    Transport transport() {
        return transport;
    }

    Keystone keystone() {
        return keystone;
    }

    CloudFailure failure(String service, String method, String path, Answer answer) {
        return new CloudFailure(
                cloud.name(),
                service,
                method,
                path,
                answer.status(),
                answer.reason(),
                answer.requestId(),
                transport.retryAfter(answer),
                null);
    }

    /** A failure that no service has answered with. */
    CloudFailure failure(String service, String method, String path, String reason) {
        return new CloudFailure(cloud.name(), service, method, path, 0, reason, null, null, null);
    }

    /** Where the service of that type is in that region, without a slash at its end. */
    public URI endpoint(String type, String region) throws CloudFailure, InterruptedException {
        var elsewhere = new TreeSet<String>();
        var found = endpoint(type, region, elsewhere);
        if (found != null) {
            return found;
        }
        var has = elsewhere.isEmpty() ? "in no region" : "in " + String.join(", ", elsewhere);
        throw failure(
                type + " in " + region,
                "GET",
                "catalogue",
                "the catalogue has no %s endpoint of that service there, but %s".formatted(cloud.face(), has));
    }

    boolean has(String type, String region) throws CloudFailure, InterruptedException {
        return endpoint(type, region, new TreeSet<>()) != null;
    }

    /** @param elsewhere takes the other regions that have it */
    private @Nullable URI endpoint(String type, String region, Set<String> elsewhere)
            throws CloudFailure, InterruptedException {
        var override = cloud.endpoints().get(type);
        if (override != null) {
            return rooted(type, override.toString());
        }
        for (var known : TYPES.getOrDefault(type, List.of(type))) {
            for (var service : keystone.token().catalogue()) {
                if (!service.path("type").asString("").equals(known)) {
                    continue;
                }
                for (var endpoint : service.path("endpoints")) {
                    if (!endpoint.path("interface").asString("").equals(cloud.face())) {
                        continue;
                    }
                    if (region(endpoint).equals(region)) {
                        return rooted(type, endpoint.path("url").asString(""));
                    }
                    elsewhere.add(region(endpoint));
                }
            }
        }
        return null;
    }

    /** Without a slash at its end, nor a version where the service's paths begin with the version. */
    private static URI rooted(String type, String url) {
        var plain = url.replaceFirst("/+$", "");
        return URI.create(
                switch (type) {
                    case "image", "network" -> plain.replaceFirst("/v2(\\.[0-9]+)?$", "");
                    // Without the project's id, which older catalogues have there.
                    case "compute" -> plain.replaceFirst("(/v2\\.1)/.+$", "$1");
                    default -> plain;
                });
    }

    private static String region(JsonNode endpoint) {
        var region = endpoint.path("region_id").asString("");
        return region.isEmpty() ? endpoint.path("region").asString("") : region;
    }
}
