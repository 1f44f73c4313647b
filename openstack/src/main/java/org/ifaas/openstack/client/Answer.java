package org.ifaas.openstack.client;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service answered. */
record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LONGEST_REASON = 600;

    boolean good() {
        return status >= 200 && status < 300;
    }

    /** A missing node when there is none. */
    JsonNode json() {
        try {
            return body.length == 0 ? JSON.missingNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    @Nullable
    String requestId() {
        return headers.firstValue("x-openstack-request-id")
                .or(() -> headers.firstValue("x-compute-request-id"))
                .orElse(null);
    }

    Optional<String> retryAfter() {
        return headers.firstValue("retry-after");
    }

    /** The service's own words: each puts them elsewhere, and Glance into HTML. */
    String reason() {
        var json = json();
        var text = "";
        if (json.isObject()) {
            var inner = json.properties().stream().findFirst().map(Map.Entry::getValue);
            text = inner.map(node -> node.isObject() ? node.path("message").asString("") : node.asString(""))
                    .orElse("");
        }
        if (text.isEmpty()) {
            text = new String(body, StandardCharsets.UTF_8)
                    .replaceAll("(?s)<(head|h1)>.*?</\\1>", " ")
                    .replaceAll("<[^>]*>", " ");
        }
        text = text.replaceAll("<br */?>", " ")
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        if (text.isEmpty()) {
            return "no reason given";
        }
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + " …";
    }
}
