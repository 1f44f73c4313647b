package org.ifaas.server.api;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.ifaas.api.ErrorView;

/**
 * Answers what is refused before it reaches a route: bytes that are no HTTP, and too many of them. The web server takes some
 * of them for a failure of its own, and would answer 500.
 */
final class NotHttp {
    private NotHttp() {}

    static DirectHandlers handlers(int mostBody) {
        var tooLarge = Json.text(new ErrorView(
                "is larger than " + (mostBody >> 10) + " KiB", "body", null, "Send only what the address wants."));
        var notUnderstood = Json.text(new ErrorView(
                "is no HTTP that the factory understands", "request", null, "See the API's documentation."));
        var handlers = DirectHandlers.builder();
        for (var event : EventType.values()) {
            handlers.addHandler(
                    event,
                    (request, type, status, headers, message) -> DirectHandler.TransportResponse.builder()
                            .status(type == EventType.INTERNAL_ERROR ? Status.BAD_REQUEST_400 : status)
                            .headers(headers)
                            .keepAlive(false)
                            .header(HeaderNames.CONTENT_TYPE, "application/json")
                            .entity(
                                    status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code()
                                            ? tooLarge
                                            : notUnderstood)
                            .build());
        }
        return handlers.build();
    }
}
