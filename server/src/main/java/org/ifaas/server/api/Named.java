package org.ifaas.server.api;

import io.helidon.webserver.http.ServerRequest;
import java.util.Map;
import java.util.Optional;

/** What a request names, after it was decided that its sender reaches it. */
record Named(Map<String, String> segments, Reach reach) {
    static void is(ServerRequest request, Named named) {
        request.context().register(named);
    }

    private static Named of(ServerRequest request) {
        return request.context()
                .get(Named.class)
                .orElseThrow(() -> new IllegalStateException("nobody was let in to " + request.path()));
    }

    /** The image of the address. */
    static String image(ServerRequest request) {
        var image = of(request).segments().get("image");
        if (image == null) {
            throw new IllegalStateException("no image is named by " + request.path());
        }
        return image;
    }

    /** {@code ?image=} */
    static Optional<String> imageAsked(ServerRequest request) {
        return Optional.of(request.query().first("image").orElse(""))
                .filter(image -> !image.isEmpty())
                .map(of(request).reach()::imageNamed);
    }
}
