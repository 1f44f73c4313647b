package org.ifaas.openstack.fake;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.Credential;
import org.ifaas.openstack.cloud.Secret;
import org.ifaas.openstack.fake.TinyServer.Fault;
import org.ifaas.openstack.fake.TinyServer.Reply;
import org.ifaas.openstack.fake.TinyServer.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keystone and its catalogue, and behind it Glance, Nova, Cinder and Neutron of two regions, {@code one} and {@code two}. */
public final class FakeCloud implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();
    public static final String SECRET = "hush-hush";

    private final TinyServer server;
    private final InstantSource clock;
    private final Set<String> tokens = new TreeSet<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Map<String, FakeGlance> glances = new TreeMap<>();
    public final FakeNova nova;
    public final FakeCinder cinder = new FakeCinder();
    public final FakeNeutron neutron;
    public boolean hasVolumes = true;
    public Duration tokenLife = Duration.ofHours(4);
    public Set<String> roles = new TreeSet<>(Set.of("member", "reader"));
    public boolean mayPublish;
    /** What the client was made to wait for, in order. */
    public final List<Duration> waited = new CopyOnWriteArrayList<>();

    public FakeCloud(InstantSource clock) throws IOException {
        this(clock, ServerSocketFactory.getDefault());
    }

    /** @param sockets on which it listens: those of TLS, or plain ones */
    public FakeCloud(InstantSource clock, ServerSocketFactory sockets) throws IOException {
        this.clock = clock;
        this.server = new TinyServer(this::handle, sockets);
        this.neutron = new FakeNeutron();
        this.nova = new FakeNova(clock, neutron, cinder);
        glances.put("one", new FakeGlance(clock, this));
        glances.put("two", new FakeGlance(clock, this));
    }

    public FakeGlance glance(String region) {
        return glances.get(region);
    }

    public Cloud cloud() {
        return cloud(new Credential.Application("app", null, null, new Secret(SECRET)), null, true);
    }

    /** @param authorities certificates in PEM; null for those of the JDK */
    public Cloud cloud(Credential credential, @Nullable Path authorities, boolean verify) {
        return new Cloud(
                "fake",
                "a test",
                URI.create(server.address() + "/identity/v3"),
                credential,
                List.of("one", "two"),
                "public",
                authorities,
                verify,
                Map.of());
    }

    public Pause pause() {
        return waited::add;
    }

    public CloudClient client() {
        return client(ClientPolicy.defaults());
    }

    public CloudClient client(ClientPolicy policy) {
        return client(cloud(), policy);
    }

    public CloudClient client(Cloud cloud) {
        return client(cloud, ClientPolicy.defaults());
    }

    private CloudClient client(Cloud cloud, ClientPolicy policy) {
        try {
            return new CloudClient(cloud, policy, clock, pause());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Method and path of all requests so far, that match. */
    public List<String> seen(String pattern) {
        return server.seen().stream().filter(line -> line.matches(pattern)).toList();
    }

    /** All tokens are worthless from now on. */
    public void revokeTokens() {
        synchronized (tokens) {
            tokens.clear();
        }
    }

    /** The next {@code times} requests that match are cut after so many bytes of their bodies. */
    public void cut(String pattern, long bytes, int times) {
        server.add(new Fault(matches(pattern), bytes, false, false, null, new int[] {times}));
    }

    /** They have their effect, and the connection ends without an answer. */
    public void loseAnswer(String pattern, int times) {
        server.add(new Fault(matches(pattern), -1, true, false, null, new int[] {times}));
    }

    public void hang(String pattern, int times) {
        server.add(new Fault(matches(pattern), -1, false, true, null, new int[] {times}));
    }

    /** They are answered so, before their bodies are read. */
    public void answer(String pattern, int times, int status, Map<String, String> headers, String body) {
        server.add(new Fault(
                matches(pattern),
                -1,
                false,
                false,
                new Reply(status, headers, body.getBytes(StandardCharsets.UTF_8)),
                new int[] {times}));
    }

    public void well() {
        server.clearFaults();
    }

    private static Predicate<Request> matches(String pattern) {
        var compiled = Pattern.compile(pattern);
        return request ->
                compiled.matcher(request.method() + " " + request.path()).matches();
    }

    private Reply handle(Request request) throws IOException {
        var id = "req-" + requests.incrementAndGet();
        var reply = route(request);
        var headers = new TreeMap<>(reply.headers());
        headers.put("x-openstack-request-id", id);
        return new Reply(reply.status(), headers, reply.body());
    }

    private Reply route(Request request) throws IOException {
        var path = request.path();
        if (path.equals("/identity/v3/auth/tokens")) {
            return authenticate(request);
        }
        synchronized (tokens) {
            if (!tokens.contains(request.header("X-Auth-Token"))) {
                return error(401, "error", "The request you have made requires authentication.");
            }
        }
        for (var region : glances.entrySet()) {
            var root = "/" + region.getKey() + "/image";
            if (path.startsWith(root + "/")) {
                return region.getValue().handle(request, path.substring(root.length()));
            }
        }
        if (path.startsWith("/one/compute/v2.1/")) {
            return nova.handle(request, path.substring("/one/compute/v2.1".length()));
        }
        if (path.startsWith("/one/network/")) {
            return neutron.handle(request, path.substring("/one/network".length()));
        }
        if (path.startsWith("/one/volume/v3/p1/")) {
            return cinder.handle(request, path.substring("/one/volume/v3/p1".length()));
        }
        return error(404, "itemNotFound", "no such path: " + path);
    }

    private Reply authenticate(Request request) throws IOException {
        var asked = JSON.readTree(request.body().readAllBytes());
        boolean known = asked.at("/auth/identity/methods/0").asString("").equals("password")
                ? password(asked.path("auth"))
                : asked.at("/auth/identity/application_credential/secret")
                        .asString("")
                        .equals(SECRET);
        if (!known) {
            return error(401, "error", "The request you have made requires authentication.");
        }
        var id = "token-" + requests.incrementAndGet();
        synchronized (tokens) {
            tokens.add(id);
        }
        var body = JSON.createObjectNode();
        var token = body.putObject("token");
        token.put("expires_at", clock.instant().plus(tokenLife).toString());
        token.putObject("project").put("id", "p1").put("name", "imagefactory");
        var all = token.putArray("roles");
        roles.forEach(role -> all.addObject().put("name", role));
        var catalogue = token.putArray("catalog");
        endpoints(catalogue.addObject().put("type", "image"), "image", List.of("one", "two"));
        endpoints(catalogue.addObject().put("type", "compute"), "compute/v2.1", List.of("one"));
        endpoints(catalogue.addObject().put("type", "network"), "network", List.of("one"));
        if (hasVolumes) {
            endpoints(catalogue.addObject().put("type", "volumev3"), "volume/v3/p1", List.of("one"));
        }
        return new Reply(201, Map.of("X-Subject-Token", id), bytes(body));
    }

    /** Anna's, whose domain is {@code Users}, in the project {@code imagefactory} of the domain with the id {@code default}. */
    private static boolean password(JsonNode auth) {
        var user = auth.at("/identity/password/user");
        var project = auth.at("/scope/project");
        return user.path("name").asString("").equals("anna")
                && user.at("/domain/name").asString("").equals("Users")
                && user.path("password").asString("").equals(SECRET)
                && (project.path("id").asString("").equals("p1")
                        || project.path("name").asString("").equals("imagefactory")
                                && project.at("/domain/id").asString("").equals("default"));
    }

    private void endpoints(ObjectNode service, String path, List<String> regions) {
        var endpoints = service.putArray("endpoints");
        for (var region : regions) {
            endpoints
                    .addObject()
                    .put("region_id", region)
                    .put("interface", "public")
                    .put("url", server.address() + "/" + region + "/" + path);
            endpoints
                    .addObject()
                    .put("region_id", region)
                    .put("interface", "internal")
                    .put("url", "http://127.0.0.1:1/nobody");
        }
    }

    static Reply json(int status, JsonNode body) {
        return new Reply(status, Map.of("Content-Type", "application/json"), bytes(body));
    }

    static Reply nothing(int status) {
        return new Reply(status, Map.of(), new byte[0]);
    }

    static Reply error(int status, String kind, String message) {
        var body = JSON.createObjectNode();
        body.putObject(kind).put("code", status).put("message", message);
        return json(status, body);
    }

    private static byte[] bytes(JsonNode body) {
        return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    }

    static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
