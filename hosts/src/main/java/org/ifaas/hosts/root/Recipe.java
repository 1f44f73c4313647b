package org.ifaas.hosts.root;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The scripts that make a root; mmdebstrap wants its hooks as files. */
final class Recipe {
    private final Path folder;
    private final Map<String, byte[]> scripts = new LinkedHashMap<>();

    Recipe(Path parent) throws IOException {
        for (var name : List.of("make-root.sh", "before.sh", "after.sh")) {
            try (var in = Objects.requireNonNull(Recipe.class.getResourceAsStream(name), name)) {
                scripts.put(name, in.readAllBytes());
            }
        }
        // Another version of the factory may be at work in the same folder.
        this.folder = parent.resolve(digest(List.of()));
    }

    /** Of the scripts and what they are told. */
    String digest(List<String> told) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            scripts.values().forEach(sha256::update);
            for (var word : told) {
                sha256.update((byte) 0);
                sha256.update(word.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void write() throws IOException {
        Files.createDirectories(folder);
        for (var script : scripts.entrySet()) {
            var temporary = Files.createTempFile(
                    folder,
                    "",
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.write(temporary, script.getValue());
            Files.move(
                    temporary,
                    folder.resolve(script.getKey()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    String script() {
        return folder.resolve("make-root.sh").toString();
    }
}
