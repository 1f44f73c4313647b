package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What {@code make package} writes runs where it is unpacked, without the checkout, Maven or git history. */
@Tag("slow")
@Isolated("it may build the product anew, whose classes the others run")
class PackageTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void thePackageIsTheSameEachTimeAndRunsWhereItIsUnpacked() throws Exception {
        var file = made();
        var first = Files.readAllBytes(file);
        assertThat(Files.readAllBytes(made())).isEqualTo(first);

        run(folder, "tar", "-xzf", file.toString());
        var unpacked = folder.resolve(String.valueOf(file.getFileName()).replace(".tar.gz", ""));
        assertThat(unpacked.resolve("pom.xml")).doesNotExist();
        var ifaas = unpacked.resolve("ifaas").toString();
        assertThat(run(folder, ifaas, "--version")).contains("ifaas");
        var home = folder.resolve("home").toString();
        try {
            assertThat(run(folder, ifaas, "images", "--home", home))
                    .contains("debian-12 ", "debian-12-kiwi", "busybox");
        } finally {
            run(folder, ifaas, "serve", "--stop", "--home", home);
        }
    }

    private static Path made() throws IOException, InterruptedException {
        var said = run(CHECKOUT, "bin/package").strip().lines().toList();
        return CHECKOUT.resolve(said.getLast());
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
