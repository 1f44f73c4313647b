package org.ifaas.openstack.fake;

import static org.ifaas.openstack.fake.FakeCloud.JSON;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.openstack.fake.TinyServer.Reply;
import org.ifaas.openstack.fake.TinyServer.Request;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Glance v2 as Zed was seen to behave. */
public final class FakeGlance {
    private static final int PAGE = 2;

    private final InstantSource clock;
    private final FakeCloud cloud;
    private final Map<String, ObjectNode> images = new ConcurrentHashMap<>();
    private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();
    private final Set<String> everUsed = new HashSet<>();
    /** Killed in an upload, it never learns that the client has gone. */
    public volatile boolean forgetsUploads;
    /** What the store makes of the bytes. */
    public volatile boolean damages;

    /** Killed in an import, it never goes on with it. */
    public volatile boolean forgetsImports;
    /** What the next imports end with; empty for well. */
    public volatile String importFails = "";

    public List<String> methods = List.of("glance-direct", "web-download", "copy-image");

    /** The first is the default; none where only one is configured. */
    public List<String> stores = List.of();

    private final Map<String, byte[]> staged = new ConcurrentHashMap<>();
    private final Map<String, ArrayNode> tasks = new ConcurrentHashMap<>();
    private final Map<String, Importing> importing = new ConcurrentHashMap<>();

    private interface Source {
        byte[] bytes() throws IOException;
    }

    private record Importing(String method, Source source, List<String> stores, ObjectNode task) {}

    /** Off where only the way of the bytes matters. */
    public boolean digests = true;

    public long most = Long.MAX_VALUE;

    FakeGlance(InstantSource clock, FakeCloud cloud) {
        this.clock = clock;
        this.cloud = cloud;
    }

    public List<ObjectNode> images() {
        return new ArrayList<>(images.values());
    }

    /** As somebody else would have made it. */
    public void put(ObjectNode image) {
        images.put(image.path("id").asString(), image);
    }

    /** What the image's bytes have become. */
    public void change(String id, byte[] content) {
        bytes.put(id, content);
    }

    Reply handle(Request request, String path) throws IOException {
        if (path.equals("/v2/images")) {
            return request.method().equals("POST") ? create(request) : list(request);
        }
        if (path.startsWith("/v2/info/")) {
            return info(path);
        }
        var parts = path.substring("/v2/images/".length()).split("/");
        var image = images.get(parts[0]);
        if (image == null) {
            return refuse(404, "Failed to find image " + parts[0]);
        }
        if (parts.length == 2) {
            return switch (request.method() + " " + parts[1]) {
                case "GET file" -> new Reply(200, Map.of(), bytes.getOrDefault(parts[0], new byte[0]));
                case "PUT file" -> upload(request, image);
                case "PUT stage" -> stage(request, image);
                case "POST import" -> importing(request, image);
                case "GET tasks" -> {
                    var body = JSON.createObjectNode();
                    body.set("tasks", tasks.getOrDefault(parts[0], JSON.createArrayNode()));
                    yield FakeCloud.json(200, body);
                }
                default -> refuse(405, "no");
            };
        }
        return switch (request.method()) {
            case "GET" -> {
                var shown = image.deepCopy();
                goOn(image);
                yield FakeCloud.json(200, shown);
            }
            case "PATCH" -> patch(request, image);
            case "DELETE" -> {
                images.remove(parts[0]);
                yield FakeCloud.nothing(204);
            }
            default -> refuse(405, "no");
        };
    }

    private Reply info(String path) {
        var body = JSON.createObjectNode();
        if (path.endsWith("/import")) {
            var offered = body.putObject("import-methods")
                    .put("description", "Import methods available.")
                    .put("type", "array")
                    .putArray("value");
            methods.forEach(offered::add);
            return FakeCloud.json(200, body);
        }
        if (stores.isEmpty()) {
            return refuse(404, "Multi backend is not supported at this site.");
        }
        var all = body.putArray("stores");
        stores.forEach(store -> all.addObject().put("id", store));
        ((ObjectNode) all.get(0)).put("default", "true");
        return FakeCloud.json(200, body);
    }

    private Reply stage(Request request, ObjectNode image) throws IOException {
        synchronized (image) {
            if (!image.path("status").asString().equals("queued")) {
                return refuse(
                        409,
                        "Image status transition from " + image.path("status").asString()
                                + " to uploading is not allowed");
            }
            image.put("status", "uploading");
        }
        try {
            staged.put(image.path("id").asString(), request.body().readAllBytes());
            return FakeCloud.nothing(204);
        } catch (IOException cut) {
            if (!forgetsUploads) {
                image.put("status", "queued");
            }
            throw cut;
        }
    }

    private Reply importing(Request request, ObjectNode image) throws IOException {
        var asked = JSON.readTree(request.body().readAllBytes());
        var method = asked.path("method").path("name").asString("");
        var id = image.path("id").asString();
        if (!methods.contains(method)) {
            return refuse(400, "Unknown import method name '" + method + "'.");
        }
        var wanted = asked.path("stores").valueStream().map(JsonNode::asString).toList();
        synchronized (image) {
            var status = image.path("status").asString();
            var refused = switch (method) {
                case "copy-image" ->
                    status.equals("active") ? "" : "Only images with status active can be targeted for copying";
                case "glance-direct" ->
                    status.equals("uploading")
                            ? ""
                            : "Image needs to be staged before 'glance-direct' method can be used";
                default ->
                    status.equals("queued") ? "" : "Image needs to be in 'queued' state to use '" + method + "' method";
            };
            if (!refused.isEmpty()) {
                return refuse(409, refused);
            }
            if (!stores.containsAll(wanted)) {
                return refuse(409, "Store configured in request doesn't exist.");
            }
            var uri = asked.path("method").path("uri").asString("");
            if (method.equals("web-download") && !uri.startsWith("http://")) {
                return refuse(400, "URI for web-download does not pass filtering: " + uri);
            }
            var target = wanted.isEmpty() && !stores.isEmpty() ? List.of(stores.getFirst()) : wanted;
            var task = tasks.computeIfAbsent(id, _ -> JSON.createArrayNode())
                    .addObject()
                    .put("id", "task-of-" + id)
                    .put("type", "api_image_import")
                    .put("status", "processing")
                    .put("message", "")
                    .put("request_id", "req-import")
                    .put("created_at", clock.instant().toString());
            Source source = switch (method) {
                case "glance-direct" -> () -> staged.remove(id);
                case "web-download" ->
                    () -> URI.create(uri).toURL().openStream().readAllBytes();
                default -> () -> bytes.get(id);
            };
            image.put("os_glance_import_task", "task-of-" + id);
            importing.put(id, new Importing(method, source, target, task));
            image.put("os_glance_importing_to_stores", String.join(",", target)).put("os_glance_failed_import", "");
            if (!method.equals("copy-image")) {
                image.put("status", "importing");
            }
            return FakeCloud.nothing(202);
        }
    }

    /** A task goes on between two looks at it. */
    private void goOn(ObjectNode image) throws IOException {
        var id = image.path("id").asString();
        var task = forgetsImports ? null : importing.remove(id);
        if (task == null) {
            return;
        }
        try {
            if (!importFails.isEmpty()) {
                throw new IOException(importFails);
            }
            var content = task.source().bytes();
            if (!task.method().equals("copy-image")) {
                store(image, content);
            }
            var all = new TreeSet<>(List.of(image.path("stores").asString("").split(",")));
            all.addAll(task.stores());
            all.remove("");
            if (!all.isEmpty()) {
                image.put("stores", String.join(",", all));
            }
            task.task().put("status", "success");
        } catch (IOException e) {
            task.task().put("status", "failure").put("message", String.valueOf(e.getMessage()));
            image.put("os_glance_failed_import", String.join(",", task.stores()));
            if (!task.method().equals("copy-image")) {
                image.put("status", "queued");
            }
        }
        image.put("os_glance_importing_to_stores", "").remove("os_glance_import_task");
    }

    private void store(ObjectNode image, byte[] content) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-512");
            digest.update(content);
            if (damages) {
                digest.update((byte) 0);
            }
            active(image, content.length, digest.digest(), content);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private void active(ObjectNode image, long size, byte[] sha512, byte[] content) {
        image.put("size", size).put("os_hash_algo", "sha512");
        image.put("os_hash_value", HexFormat.of().formatHex(sha512));
        image.put("checksum", "0".repeat(32)).put("status", "active");
        bytes.put(image.path("id").asString(), content);
    }

    private synchronized Reply create(Request request) throws IOException {
        var image = (ObjectNode) JSON.readTree(request.body().readAllBytes());
        if (!everUsed.add(image.path("id").asString())) {
            return refuse(409, "Image ID " + image.path("id").asString() + " already exists!");
        }
        var now = FakeCloud.seconds(clock.instant()).toString();
        image.put("status", "queued").put("owner", "p1").put("created_at", now).put("updated_at", now);
        image.put("os_hidden", false).put("protected", false).putNull("size").putNull("os_hash_algo");
        image.putNull("os_hash_value").putNull("checksum").putNull("virtual_size");
        image.put("self", "/v2/images/x").put("file", "/v2/images/x/file").put("schema", "/v2/schemas/image");
        if (!image.has("visibility")) {
            image.put("visibility", "shared");
        }
        images.put(image.path("id").asString(), image);
        return FakeCloud.json(201, image);
    }

    private Reply upload(Request request, ObjectNode image) throws IOException {
        synchronized (image) {
            if (!image.path("status").asString().equals("queued")) {
                return refuse(
                        409,
                        "Image status transition from " + image.path("status").asString()
                                + " to saving is not allowed");
            }
            image.put("status", "saving");
        }
        try {
            if (Long.parseLong(request.header("content-length")) > most) {
                image.put("status", "queued");
                return refuse(413, "Image exceeds the storage quota: The size of the data would exceed it");
            }
            var digest = MessageDigest.getInstance("SHA-512");
            var buffer = new byte[65536];
            var stored = new ByteArrayOutputStream();
            long size = 0;
            for (int read = request.body().read(buffer);
                    read >= 0;
                    read = request.body().read(buffer)) {
                if (digests) {
                    digest.update(buffer, 0, read);
                    stored.write(buffer, 0, read);
                }
                size += read;
            }
            if (damages) {
                digest.update((byte) 0);
            }
            if (!stores.isEmpty()) {
                var store = request.header("X-Image-Meta-Store");
                image.put("stores", store.isEmpty() ? stores.getFirst() : store);
            }
            active(image, size, digest.digest(), stored.toByteArray());
            return FakeCloud.nothing(204);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        } catch (IOException cut) {
            if (!forgetsUploads) {
                image.put("status", "queued");
            }
            throw cut;
        }
    }

    private Reply list(Request request) {
        var query = request.query();
        var found = images.values().stream()
                .filter(image -> image.path("os_hidden").asBoolean()
                        == query.getOrDefault("os_hidden", "false").equals("true"))
                .filter(image -> !query.containsKey("visibility")
                        || image.path("visibility").asString().equals(query.get("visibility")))
                .filter(image -> !query.containsKey("name")
                        || image.path("name").asString().equals(query.get("name")))
                .filter(image -> !query.containsKey("tag")
                        || image.path("tags")
                                .valueStream()
                                .anyMatch(tag -> tag.asString().equals(query.get("tag"))))
                .sorted(Comparator.comparing(
                        (ObjectNode image) -> image.path("id").asString()))
                .toList();
        var body = JSON.createObjectNode();
        var page = body.putArray("images");
        int from = 0;
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).path("id").asString().equals(query.get("marker"))) {
                from = i + 1;
            }
        }
        for (int i = from; i < Math.min(found.size(), from + PAGE); i++) {
            page.add(found.get(i));
        }
        if (from + PAGE < found.size()) {
            var next = new StringBuilder(
                    "/v2/images?marker=" + found.get(from + PAGE - 1).path("id").asString());
            query.forEach((name, value) -> {
                if (!name.equals("marker")) {
                    next.append("&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
                }
            });
            body.put("next", next.toString());
        }
        return FakeCloud.json(200, body);
    }

    private Reply patch(Request request, ObjectNode image) throws IOException {
        if (!request.header("Content-Type").equals("application/openstack-images-v2.1-json-patch")) {
            return refuse(415, "Unsupported media type");
        }
        var changes = JSON.createObjectNode();
        for (var operation : JSON.readTree(request.body().readAllBytes())) {
            changes.set(operation.path("path").asString().substring(1), operation.path("value"));
        }
        if (changes.path("visibility").asString("").equals("public") && !cloud.mayPublish) {
            return refuse(403, "You are not authorized to complete publicize_image action.");
        }
        image.setAll(changes);
        return FakeCloud.json(200, image);
    }

    private static Reply refuse(int status, String words) {
        var html =
                "<html>\n <head>\n  <title>%d Title</title>\n </head>\n <body>\n  <h1>%d Title</h1>\n  %s<br /><br />\n </body>\n</html>"
                        .formatted(status, status, words);
        return new Reply(status, Map.of("Content-Type", "text/html"), html.getBytes(StandardCharsets.UTF_8));
    }
}
