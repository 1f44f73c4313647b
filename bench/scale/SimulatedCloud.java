import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parts of Keystone, Nova, Neutron and Glance that the factory uses, with the times that they take in a real cloud. Things
 * are kept by what they are asked for by, so that the cloud itself costs little.
 */
final class SimulatedCloud {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** From a server's creation until it is ACTIVE, seconds. */
    private static final int LEAST_LAUNCH = 15;

    private static final int MOST_LAUNCH = 45;

    private final HttpServer server;
    private final AtomicLong requests = new AtomicLong();
    private final Map<String, ObjectNode> servers = new ConcurrentHashMap<>();
    private final Map<String, Instant> active = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> keypairs = new ConcurrentHashMap<>();
    /** By kind, such as {@code security-groups}. */
    private final Map<String, Map<String, ObjectNode>> network = new ConcurrentHashMap<>();
    /** By region. */
    private final Map<String, Map<String, ObjectNode>> images =
            Map.of("one", new ConcurrentHashMap<>(), "two", new ConcurrentHashMap<>());

    private SimulatedCloud() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        var host = JSON.createObjectNode()
                .put("id", "11111111-2222-3333-4444-555555555555")
                .put("name", "Debian 12")
                .put("status", "active")
                .put("os_hidden", false);
        images.get("one").put(host.path("id").asString(), host);
    }

    /** Prints its port, and at the end of its standard input how many requests there were; then it goes. */
    public static void main(String[] arguments) throws IOException {
        var cloud = new SimulatedCloud();
        cloud.server.start();
        System.out.println(cloud.server.getAddress().getPort());
        while (System.in.read() >= 0) {}
        System.out.println(cloud.requests.get() + " requests, " + cloud.servers.size() + " servers, "
                + cloud.keypairs.size() + " keypairs are left");
        System.exit(0);
    }

    private record Reply(int status, JsonNode body, Map<String, String> headers) {
        static Reply of(int status, JsonNode body) {
            return new Reply(status, body, Map.of());
        }

        static Reply none(int status) {
            return of(status, JSON.createObjectNode());
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            var reply = reply(exchange);
            exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("x-openstack-request-id", "req-" + requests.get());
            if (reply.status() == 204) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                var bytes = JSON.writeValueAsBytes(reply.body());
                exchange.sendResponseHeaders(reply.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } catch (InterruptedException | RuntimeException e) {
            e.printStackTrace();
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
        var path = exchange.getRequestURI().getRawPath();
        var method = exchange.getRequestMethod();
        if (path.startsWith("/identity/")) {
            takes(150);
            return token();
        }
        for (var region : images.entrySet()) {
            var root = "/" + region.getKey() + "/image/v2/images";
            if (path.startsWith(root)) {
                return image(exchange, region.getValue(), path.substring(root.length()));
            }
        }
        if (path.startsWith("/one/compute/v2.1/")) {
            takes(method.equals("GET") ? 80 : 300);
            return compute(exchange, path.substring("/one/compute/v2.1/".length()).split("/"));
        }
        if (path.startsWith("/one/network/v2.0/")) {
            takes(method.equals("GET") ? 50 : 200);
            return network(exchange, path.substring("/one/network/v2.0/".length()).split("/"));
        }
        return Reply.none(404);
    }

    /** About that many milliseconds. */
    private static void takes(int millis) throws InterruptedException {
        Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextInt(millis));
    }

    private Reply token() {
        var root = JSON.createObjectNode();
        var token = root.putObject("token");
        token.put("expires_at", Instant.now().plus(4, ChronoUnit.HOURS).toString());
        token.putObject("project").put("id", "p1").put("name", "images");
        token.putArray("roles").addObject().put("name", "member");
        var catalogue = token.putArray("catalog");
        for (var service : Map.of("image", "image", "compute", "compute/v2.1", "network", "network").entrySet()) {
            var endpoints = catalogue.addObject().put("type", service.getKey()).putArray("endpoints");
            for (var region : images.keySet()) {
                endpoints
                        .addObject()
                        .put("region_id", region)
                        .put("interface", "public")
                        .put("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/" + region + "/"
                                + service.getValue());
            }
        }
        return new Reply(201, root, Map.of("X-Subject-Token", UUID.randomUUID().toString()));
    }

    private Reply compute(HttpExchange exchange, String[] parts) throws IOException {
        return switch (parts[0]) {
            case "" -> {
                var body = JSON.createObjectNode();
                body.putObject("version").put("version", "2.93").put("min_version", "2.1");
                yield Reply.of(200, body);
            }
            case "limits" -> {
                var body = JSON.createObjectNode();
                body.putObject("limits")
                        .putObject("absolute")
                        .put("maxTotalInstances", -1)
                        .put("maxTotalCores", -1)
                        .put("maxTotalRAMSize", -1);
                yield Reply.of(200, body);
            }
            case "flavors" -> {
                var body = JSON.createObjectNode();
                var all = body.putArray("flavors");
                for (var name : List.of("m1.small", "m1.build")) {
                    all.addObject().put("id", name).put("name", name).put("ram", 4096).put("disk", 40).put("vcpus", 2);
                }
                yield Reply.of(200, body);
            }
            case "servers" -> servers(exchange, parts);
            default -> keypairs(exchange, parts);
        };
    }

    private Reply servers(HttpExchange exchange, String[] parts) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            var name = query(exchange).getOrDefault("name", "").replaceAll("[\\^$()]", "");
            var found = name.endsWith("-")
                    ? servers.values().stream().filter(named(name))
                    : Stream.of(name.split("\\|")).map(servers::get).filter(Objects::nonNull);
            return list("servers", found.map(this::grown).toList());
        }
        if (parts.length == 3) {
            return Reply.of(200, JSON.createObjectNode().put("output", "tiny login: "));
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            var gone = servers.values().stream()
                    .filter(one -> one.path("id").asString().equals(parts[1]))
                    .findFirst();
            gone.ifPresent(one -> servers.remove(one.path("name").asString()));
            return Reply.none(gone.isPresent() ? 204 : 404);
        }
        var made = (ObjectNode) read(exchange).path("server");
        var id = UUID.randomUUID().toString();
        made.remove("user_data");
        made.put("id", id).put("status", "BUILD").put("created", Instant.now().toString());
        made.putObject("addresses").putArray("lab").addObject().put("addr", "10.0.0.1").put("version", 4);
        active.put(id, Instant.now().plusSeconds(ThreadLocalRandom.current().nextInt(LEAST_LAUNCH, MOST_LAUNCH)));
        servers.put(made.path("name").asString(), made);
        var body = JSON.createObjectNode();
        body.putObject("server").put("id", id);
        return Reply.of(202, body);
    }

    private static Predicate<ObjectNode> named(String beginning) {
        return one -> one.path("name").asString().startsWith(beginning);
    }

    private ObjectNode grown(ObjectNode server) {
        var when = active.get(server.path("id").asString());
        if (when != null && Instant.now().isAfter(when)) {
            server.put("status", "ACTIVE");
        }
        return server;
    }

    private Reply keypairs(HttpExchange exchange, String[] parts) throws IOException {
        return switch (exchange.getRequestMethod()) {
            case "GET" -> {
                var body = JSON.createObjectNode();
                if (parts.length == 2) {
                    var pair = keypairs.get(parts[1]);
                    yield pair == null ? Reply.none(404) : Reply.of(200, body.set("keypair", pair));
                }
                var all = body.putArray("keypairs");
                keypairs.values().forEach(pair -> all.addObject().set("keypair", pair));
                yield Reply.of(200, body);
            }
            case "DELETE" -> Reply.none(keypairs.remove(parts[1]) == null ? 404 : 204);
            default -> {
                var pair = (ObjectNode) read(exchange).path("keypair");
                keypairs.put(pair.path("name").asString(), pair);
                yield Reply.none(200);
            }
        };
    }

    private Reply network(HttpExchange exchange, String[] parts) throws IOException {
        var kind = parts[0];
        var key = kind.replace('-', '_');
        var things = network.computeIfAbsent(kind, _ -> new ConcurrentHashMap<>());
        var query = query(exchange);
        if (exchange.getRequestMethod().equals("DELETE")) {
            return Reply.none(things.remove(parts[1]) == null ? 404 : 204);
        }
        if (exchange.getRequestMethod().equals("POST")) {
            var one = key.substring(0, key.length() - 1);
            var made = (ObjectNode) read(exchange).path(one);
            // A group is known by its name, a rule by its group.
            var id = made.path("security_group_id").asString(made.path("name").asString(""));
            things.put(id, made.put("id", id));
            var body = JSON.createObjectNode();
            body.set(one, made);
            return Reply.of(201, body);
        }
        if (kind.equals("networks")) {
            return list(key, List.of(JSON.createObjectNode().put("id", "lab").put("name", "lab")));
        }
        var id = query.getOrDefault("security_group_id", query.get("name"));
        if (id != null) {
            return list(key, things.containsKey(id) ? List.of(things.get(id)) : List.of());
        }
        return list(key, query.containsKey("fields") ? things.values() : List.of());
    }

    private Reply image(HttpExchange exchange, Map<String, ObjectNode> all, String rest)
            throws IOException, InterruptedException {
        var method = exchange.getRequestMethod();
        if (rest.isEmpty() && method.equals("GET")) {
            takes(80);
            var query = query(exchange);
            return list(
                    "images",
                    all.values().stream()
                            .filter(image -> !"true".equals(query.get("os_hidden")))
                            .filter(image -> !query.containsKey("name")
                                    || image.path("name").asString().equals(query.get("name")))
                            .limit(200)
                            .toList());
        }
        if (rest.isEmpty()) {
            takes(200);
            var made = (ObjectNode) read(exchange);
            made.put("status", "queued").put("owner", "p1").put("os_hidden", false).put("protected", false);
            made.put("created_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            made.putNull("size").putNull("os_hash_algo").putNull("os_hash_value");
            all.put(made.path("id").asString(), made);
            return Reply.of(201, made);
        }
        var parts = rest.substring(1).split("/");
        var image = all.get(parts[0]);
        if (image == null) {
            takes(50);
            return Reply.none(404);
        }
        if (parts.length == 2) {
            store(exchange.getRequestBody(), image);
            takes(1000);
            return Reply.none(204);
        }
        takes(method.equals("GET") ? 50 : 200);
        if (method.equals("DELETE")) {
            all.remove(parts[0]);
            return Reply.none(204);
        }
        return Reply.of(200, image);
    }

    private static void store(InputStream bytes, ObjectNode image) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-512");
            var buffer = new byte[1 << 16];
            long size = 0;
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
                size += read;
            }
            image.put("size", size).put("os_hash_algo", "sha512").put("status", "active");
            image.put("os_hash_value", HexFormat.of().formatHex(digest.digest())).put("checksum", "0".repeat(32));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static Reply list(String key, Collection<ObjectNode> found) {
        var body = JSON.createObjectNode();
        body.putArray(key).addAll(found);
        return Reply.of(200, body);
    }

    private static JsonNode read(HttpExchange exchange) throws IOException {
        return JSON.readTree(exchange.getRequestBody().readAllBytes());
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = new TreeMap<String, String>();
        var raw = exchange.getRequestURI().getRawQuery();
        for (var pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            query.put(
                    pair.substring(0, Math.max(0, equals)),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}
