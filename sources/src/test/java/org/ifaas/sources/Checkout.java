package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A person's git checkout, for tests. */
record Checkout(Path folder) {
    static final String IMAGE = """
            name: %1$s
            title: An image
            builder: script
            os: {distro: %1$s, version: 1}
            owner: images@example.org
            """;

    static Checkout in(Path folder) throws IOException {
        Files.createDirectories(folder);
        var checkout = new Checkout(folder);
        checkout.git("init", "--quiet", "--template=", "--initial-branch=main");
        return checkout;
    }

    Checkout image(String name) {
        return file("images/" + name + "/image.yaml", IMAGE.formatted(name));
    }

    Checkout file(String path, String content) {
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Checkout executable(String path) {
        assertThat(folder.resolve(path).toFile().setExecutable(true)).isTrue();
        return this;
    }

    /** Commits everything and returns the commit's id. */
    String commit(String message) {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "-m", message);
        return git("rev-parse", "HEAD");
    }

    String git(String... arguments) {
        var argv = new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        argv.addAll(List.of(arguments));
        try {
            var output = new Program(
                            argv,
                            folder,
                            Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"),
                            Duration.ofMinutes(1),
                            1 << 20)
                    .run("".getBytes(StandardCharsets.UTF_8));
            assertThat(output.exit()).as("%s: %s", argv, output.error()).isZero();
            return output.text().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
