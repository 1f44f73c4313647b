package org.ifaas.server.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Renders templates, which escape all that they show, and sends them compressed. */
final class Pages {
    private static final int WORTH_COMPRESSING = 1024;

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "org.ifaas.server.console.templates");

    private final String version;
    private final StaticFiles files;

    Pages(String version, StaticFiles files) {
        this.version = version;
        this.files = files;
    }

    void send(Exchange exchange, int status, String title, String section, String template, Object model) {
        var frame = new Frame(
                title,
                section,
                exchange.signedIn(),
                version,
                files.version(),
                UUID.randomUUID().toString());
        var html = new StringOutput(16 * 1024);
        templates.render(template + ".jte", Map.of("frame", frame, "page", model), html);
        exchange.response()
                .status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .header(HeaderNames.CACHE_CONTROL, "no-store");
        send(exchange.request(), exchange.response(), html.toString().getBytes(StandardCharsets.UTF_8));
    }

    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        response.header(HeaderNames.VARY, "Accept-Encoding");
        if (body.length > WORTH_COMPRESSING && takesGzip(request)) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(gzip(body));
        } else {
            response.send(body);
        }
    }

    static boolean takesGzip(ServerRequest request) {
        return request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse("").contains("gzip");
    }

    static byte[] gzip(byte[] body) {
        var bytes = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
