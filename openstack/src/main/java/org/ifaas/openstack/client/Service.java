package org.ifaas.openstack.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One service of a cloud in one region. Paths begin with a slash and are the service's own. */
public final class Service {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PLAIN = "application/json";

    private final CloudClient cloud;
    private final String type;
    private final String region;
    private final Map<String, String> headers;

    Service(CloudClient cloud, String type, String region, Map<String, String> headers) {
        this.cloud = cloud;
        this.type = type;
        this.region = region;
        this.headers = headers;
    }

    /** The same with one more header, such as a microversion. */
    public Service with(String header, String value) {
        var more = new TreeMap<>(headers);
        more.put(header, value);
        return new Service(cloud, type, region, more);
    }

    public CloudClient cloud() {
        return cloud;
    }

    public String region() {
        return region;
    }

    /** Whether the catalogue has it. */
    public boolean isThere() throws CloudFailure, InterruptedException {
        return cloud.has(type, region);
    }

    public JsonNode get(String path) throws CloudFailure, InterruptedException {
        return good("GET", path, send("GET", path, null, PLAIN)).json();
    }

    /** Empty where there is none. */
    public Optional<JsonNode> find(String path) throws CloudFailure, InterruptedException {
        var answer = send("GET", path, null, PLAIN);
        return answer.status() == 404
                ? Optional.empty()
                : Optional.of(good("GET", path, answer).json());
    }

    /** The elements of all pages. */
    public List<JsonNode> all(String path, String key) throws CloudFailure, InterruptedException {
        var all = new ArrayList<JsonNode>();
        var seen = new HashSet<String>();
        String next = path;
        while (next != null && seen.add(next)) {
            var page = get(next);
            page.path(key).forEach(all::add);
            next = next(page, key);
        }
        return all;
    }

    /** Glance says {@code next}, Nova and Neutron {@code KEY_links}; with or without the endpoint before the path. */
    private @Nullable String next(JsonNode page, String key) throws CloudFailure, InterruptedException {
        var link = page.path("next").asString("");
        for (var candidate : page.path(key + "_links")) {
            if (candidate.path("rel").asString("").equals("next")) {
                link = candidate.path("href").asString("");
            }
        }
        if (link.isEmpty()) {
            return null;
        }
        var uri = URI.create(link);
        var path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        var root = endpoint().getRawPath();
        return path.startsWith(root + "/") ? path.substring(root.length()) : path;
    }

    /**
     * @throws CloudFailure that is {@link CloudFailure#uncertain} when it may have been done all the same: look before it is
     *     asked for again
     */
    public JsonNode post(String path, JsonNode body) throws CloudFailure, InterruptedException {
        return good("POST", path, send("POST", path, bytes(body), PLAIN)).json();
    }

    public JsonNode patch(String path, String contentType, JsonNode body) throws CloudFailure, InterruptedException {
        return good("PATCH", path, send("PATCH", path, bytes(body), contentType))
                .json();
    }

    public JsonNode put(String path, JsonNode body) throws CloudFailure, InterruptedException {
        return good("PUT", path, send("PUT", path, bytes(body), PLAIN)).json();
    }

    /** @return false where there was none */
    public boolean delete(String path) throws CloudFailure, InterruptedException {
        var answer = send("DELETE", path, null, PLAIN);
        if (answer.status() == 404) {
            return false;
        }
        good("DELETE", path, answer);
        return true;
    }

    /**
     * Sends the file with PUT, once: after a failure look at what has become of it. It has a token of its own, for that is looked
     * at when an upload begins, and again by the stores behind when it ends.
     */
    public void upload(String path, Path file) throws CloudFailure, InterruptedException {
        for (boolean first = true; ; first = false) {
            var token = cloud.keystone().fresh();
            var call = new Transport.Call(name(), "PUT", uri(path), path, all(token, "application/octet-stream"), null);
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                var answer = cloud.transport().upload(call, new FileBody(channel, channel.size()));
                if (answer.status() == 401 && first) {
                    continue;
                }
                good("PUT", path, answer);
                return;
            } catch (IOException e) {
                throw cloud.failure(name(), "PUT", path, file + " can't be read: " + e.getMessage());
            }
        }
    }

    /** Hands the body on as it comes: what was handed on before a failure stays. */
    public void download(String path, OutputStream to) throws CloudFailure, InterruptedException {
        for (boolean first = true; ; first = false) {
            var token = cloud.keystone().token();
            var call = new Transport.Call(name(), "GET", uri(path), path, all(token, PLAIN), null);
            var answer = cloud.transport().download(call, to);
            if (answer.status() == 401 && first) {
                cloud.keystone().refused(token);
                continue;
            }
            good("GET", path, answer);
            return;
        }
    }

    private Answer send(String method, String path, byte @Nullable [] body, String contentType)
            throws CloudFailure, InterruptedException {
        var token = cloud.keystone().token();
        var uri = uri(path);
        var answer =
                cloud.transport().send(new Transport.Call(name(), method, uri, path, all(token, contentType), body));
        if (answer.status() != 401) {
            return answer;
        }
        cloud.keystone().refused(token);
        var young = cloud.keystone().token();
        return cloud.transport().send(new Transport.Call(name(), method, uri, path, all(young, contentType), body));
    }

    private Map<String, String> all(Token token, String contentType) {
        var all = new TreeMap<>(headers);
        all.put("X-Auth-Token", token.id());
        all.put("Accept", PLAIN);
        all.put("Content-Type", contentType);
        return all;
    }

    private Answer good(String method, String path, Answer answer) throws CloudFailure {
        if (!answer.good()) {
            throw cloud.failure(name(), method, path, answer);
        }
        return answer;
    }

    private URI uri(String path) throws CloudFailure, InterruptedException {
        return URI.create(endpoint() + path);
    }

    URI endpoint() throws CloudFailure, InterruptedException {
        return cloud.endpoint(type, region);
    }

    private String name() {
        return type + " in " + region;
    }

    private static byte[] bytes(JsonNode body) {
        return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    }
}
