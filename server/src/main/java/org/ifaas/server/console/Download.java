package org.ifaas.server.console;

import io.helidon.http.HeaderNames;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Files to keep: a browser never shows them as pages of the console. */
public final class Download {
    private Download() {}

    /** Of a file that a build has left. */
    public static String address(String build, String key) {
        return "/builds/" + build + "/artifact?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8);
    }

    static void start(Exchange exchange, String name, String type) {
        var plain = name.replaceAll("[^A-Za-z0-9._+-]", "_");
        exchange.response()
                .header(HeaderNames.CONTENT_TYPE, type)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"" + plain + "\"");
    }
}
