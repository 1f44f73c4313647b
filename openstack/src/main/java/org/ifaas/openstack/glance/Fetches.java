package org.ifaas.openstack.glance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.ifaas.factory.host.Availability;
import org.ifaas.openstack.client.CloudFailure;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether a Glance can fetch from where the artifact store is served: it is given a small file to import, whose content nobody
 * could have guessed. File and image go at once; those that a crash left go before.
 *
 * @param served from where it fetches
 * @param name of the image that is made, the factory's own
 */
public record Fetches(Service images, ServedStore served, String name, Pause pause) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BYTES = 1 << 16;

    public Availability can() throws CloudFailure, InterruptedException {
        var file = served.folder().resolve("temporary").resolve(name + "-" + images.region());
        var content = Arrays.copyOf(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8), BYTES);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            return fetched(file, content);
        } catch (IOException e) {
            return new Availability(
                    false,
                    "nothing can be written for Glance to fetch: " + e,
                    "Mend the artifact store, as 'ifaas doctor' says.");
        } finally {
            removeQuietly(file);
        }
    }

    private Availability fetched(Path file, byte[] content) throws CloudFailure, InterruptedException {
        for (var left : images.all("/v2/images?name=" + name, "images")) {
            images.delete(Upload.path(left.path("id").asString()));
        }
        var id = UUID.randomUUID().toString();
        var source = served.of(file).toString();
        try {
            images.post("/v2/images", image(id));
            var end = new Imports(images, PATIENCE, pause, line -> {})
                    .run(id, ImportMethod.WEB_DOWNLOAD.word(), source, List.of());
            var image = end.image();
            if (image == null) {
                return unfetched(source, "the image is " + end.why());
            }
            return same(image, content)
                    ? new Availability(true, "Glance fetches from " + served.address(), "")
                    : unfetched(source, "it got something else than lies there");
        } catch (CloudFailure e) {
            if (e.status() == 400 && e.method().equals("POST")) {
                return unfetched(source, e.reason());
            }
            throw e;
        } finally {
            images.delete(Upload.path(id));
        }
    }

    private JsonNode image(String id) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", id)
                .put("name", name)
                .put("disk_format", "raw")
                .put("container_format", "bare")
                .put("visibility", "private");
    }

    private Availability unfetched(String source, String why) {
        return new Availability(
                false,
                "clouds %s: store_url: Glance in %s can't fetch %s: %s"
                        .formatted(images.cloud().name(), images.region(), source, why),
                "See that store_url serves store.directory to Glance's hosts by plain GET, that their import_filtering_opts"
                        + " allow host and port, and that they trust its certificate; or choose another import_method.");
    }

    private static boolean same(JsonNode image, byte[] content) {
        var algorithm = image.path("os_hash_algo").asString("");
        try {
            var digest = MessageDigest.getInstance(
                    switch (algorithm) {
                        case "sha512" -> "SHA-512";
                        case "sha256" -> "SHA-256";
                        default -> "MD5";
                    });
            var stored = image.path(algorithm.isEmpty() ? "checksum" : "os_hash_value")
                    .asString("");
            return HexFormat.of().formatHex(digest.digest(content)).equalsIgnoreCase(stored);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // The next look overwrites it.
        }
    }
}
