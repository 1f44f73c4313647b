package org.ifaas.openstack.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.StreamSupport;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.Credential;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of one cloud: one at a time for all who ask, renewed before it ends. */
final class Keystone {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SERVICE = "identity";
    private static final String PATH = "/auth/tokens";

    private final Cloud cloud;
    private final Transport transport;
    private final ClientPolicy policy;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Token token;

    Keystone(Cloud cloud, Transport transport, ClientPolicy policy, InstantSource clock) {
        this.cloud = cloud;
        this.transport = transport;
        this.policy = policy;
        this.clock = clock;
    }

    Token token() throws CloudFailure, InterruptedException {
        lock.lockInterruptibly();
        try {
            var known = token;
            if (known != null && clock.instant().plus(policy.renewBefore()).isBefore(known.expires())) {
                return known;
            }
            return fresh();
        } finally {
            lock.unlock();
        }
    }

    /** One with its whole life before it. */
    Token fresh() throws CloudFailure, InterruptedException {
        lock.lockInterruptibly();
        try {
            var young = authenticate();
            token = young;
            return young;
        } finally {
            lock.unlock();
        }
    }

    /** A service has refused this one; another is made when it is still the one in use. */
    void refused(Token old) {
        lock.lock();
        try {
            if (old.equals(token)) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private Token authenticate() throws CloudFailure, InterruptedException {
        var body = JSON.writeValueAsString(request()).getBytes(StandardCharsets.UTF_8);
        var call = new Transport.Call(
                SERVICE,
                "POST",
                URI.create(cloud.authUrl() + PATH),
                PATH,
                Map.of("Content-Type", "application/json", "Accept", "application/json"),
                body);
        var answer = send(call);
        var id = answer.headers().firstValue("x-subject-token");
        if (!answer.good() || id.isEmpty()) {
            throw failure(answer, answer.good() ? "it sends no token: is this Keystone's address?" : answer.reason());
        }
        var json = answer.json().path("token");
        var roles = new TreeSet<String>();
        json.path("roles").forEach(role -> roles.add(role.path("name").asString("")));
        return new Token(
                id.get(),
                expires(json, answer),
                json.path("project").path("id").asString(""),
                json.path("project").path("name").asString(""),
                roles,
                StreamSupport.stream(json.path("catalog").spliterator(), false).toList());
    }

    /** A token that was made and got lost does no harm, so asking again is safe. */
    private Answer send(Transport.Call call) throws CloudFailure, InterruptedException {
        try {
            return transport.send(call);
        } catch (CloudFailure e) {
            if (e.status() == 0 && e.reason().startsWith("no answer: nothing listens")) {
                throw e;
            }
            return transport.send(call);
        }
    }

    private Instant expires(JsonNode json, Answer answer) throws CloudFailure {
        try {
            return Instant.parse(json.path("expires_at").asString(""));
        } catch (DateTimeParseException e) {
            throw failure(answer, "its token has no expires_at: is this Keystone's address?");
        }
    }

    private CloudFailure failure(Answer answer, String reason) {
        return new CloudFailure(
                cloud.name(), SERVICE, "POST", PATH, answer.status(), reason, answer.requestId(), null, null);
    }

    private ObjectNode request() {
        var root = JSON.createObjectNode();
        var auth = root.putObject("auth");
        var identity = auth.putObject("identity");
        switch (cloud.credential()) {
            case Credential.Application application -> {
                identity.putArray("methods").add("application_credential");
                var node = identity.putObject("application_credential");
                if (application.id() != null) {
                    node.put("id", application.id());
                } else {
                    node.put("name", application.name());
                    if (application.user() != null) {
                        node.set("user", named(application.user()));
                    }
                }
                node.put("secret", application.secret().reveal());
            }
            case Credential.Password password -> {
                identity.putArray("methods").add("password");
                var user = named(password.user());
                user.put("password", password.password().reveal());
                identity.putObject("password").set("user", user);
                auth.putObject("scope").set("project", named(password.project()));
            }
        }
        return root;
    }

    private static ObjectNode named(Credential.Named named) {
        var node = JSON.createObjectNode();
        if (named.id() != null) {
            return node.put("id", named.id());
        }
        node.put("name", named.name());
        var domain = named.domain();
        if (domain != null) {
            var inner = node.putObject("domain");
            if (domain.id() != null) {
                inner.put("id", domain.id());
            } else {
                inner.put("name", domain.name());
            }
        }
        return node;
    }
}
