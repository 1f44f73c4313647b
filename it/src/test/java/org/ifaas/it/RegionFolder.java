package org.ifaas.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory region, read as its files are. */
record RegionFolder(List<JsonNode> images) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static RegionFolder of(Path home, String region) throws IOException {
        var images = new ArrayList<JsonNode>();
        try (var files = Files.walk(home.resolve("regions").resolve(region))) {
            for (var file : files.filter(path -> path.endsWith("image.json")).toList()) {
                images.add(JSON.readTree(Files.readString(file)));
            }
        }
        return new RegionFolder(images);
    }

    /** As a disk that breaks does. */
    static void lose(Path home, String region, String id) throws IOException {
        try (var files = Files.walk(
                home.resolve("regions").resolve(region).resolve("images").resolve(id))) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    List<String> names() {
        return images.stream().map(image -> image.get("name").asString()).toList();
    }

    String idOf(String name) {
        return named(name).get("id").asString();
    }

    boolean isHidden(String name) {
        return named(name).get("os_hidden").asBoolean();
    }

    private JsonNode named(String name) {
        return images.stream()
                .filter(image -> image.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no image " + name + " among " + names()));
    }
}
