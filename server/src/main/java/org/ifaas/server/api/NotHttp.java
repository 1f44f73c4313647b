package org.ifaas.server.api;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

/**
 * Answers what is refused before it reaches a route: bytes that are no HTTP, and too many of them. The web server takes some
 * of them for a failure of its own, and would answer 500.
 */
final class NotHttp {
    private NotHttp() {}

    static DirectHandlers handlers(int mostBody) {
        var tooLarge = Body.tooLarge(mostBody);
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(event, (request, type, status, headers, message) -> {
                boolean encoded = request.headers().contains(HeaderNames.CONTENT_ENCODING);
                int code = encoded ? 415 : type == EventType.INTERNAL_ERROR ? 400 : status.code();
                return DirectHandler.TransportResponse.builder()
                        .status(Status.create(code))
                        .headers(headers)
                        .keepAlive(false)
                        .header(HeaderNames.CONTENT_TYPE, Json.PROBLEM)
                        .entity(Json.text(refusal(code, tooLarge, request).view()))
                        .build();
            });
        }
        return handlers.build();
    }

    private static Refusal refusal(int status, Refusal tooLarge, DirectHandler.TransportRequest request) {
        return switch (status) {
            case 413 -> tooLarge;
            case 415 ->
                new Refusal(
                        status,
                        "is no encoding that the factory decodes",
                        HeaderNames.CONTENT_ENCODING.defaultCase(),
                        request.headers().first(HeaderNames.CONTENT_ENCODING).orElse(null),
                        "Send the body as it is.");
            default -> notUnderstood(status);
        };
    }

    private static Refusal notUnderstood(int status) {
        return new Refusal(
                status,
                "is no HTTP that the factory understands",
                "request",
                null,
                "GET /api/v1/openapi.yaml says what it does.");
    }
}
