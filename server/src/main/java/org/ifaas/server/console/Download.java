package org.ifaas.server.console;

import io.helidon.http.HeaderNames;

/** Files to keep: a browser never shows them as pages of the console. */
final class Download {
    private Download() {}

    static void start(Exchange exchange, String name, String type) {
        var plain = name.replaceAll("[^A-Za-z0-9._+-]", "_");
        exchange.response()
                .header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + plain + "\"");
    }
}
