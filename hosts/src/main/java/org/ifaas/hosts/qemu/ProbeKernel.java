package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.ifaas.hosts.local.Program;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Linux kernel to probe KVM with: this machine's own where it may be read, one of a prepared root, or else one unpacked
 * from the distribution's package, which takes no right but network access.
 */
public final class ProbeKernel implements Supplier<Optional<Path>> {
    private static final Logger log = LoggerFactory.getLogger(ProbeKernel.class);
    private static final Pattern PACKAGE = Pattern.compile("Depends: (linux-image-(?:unsigned-)?[0-9][a-z0-9.+-]*)");
    private static final List<String> NEWEST =
            List.of("linux-image-cloud-amd64", "linux-image-amd64", "linux-image-virtual");

    private final Path folder;
    private final List<Path> places;

    /** @param folder where an unpacked kernel is kept
     * @param places files, or folders that hold {@code vmlinuz*} or {@code &#42;/kernel}, looked through in order */
    public ProbeKernel(Path folder, List<Path> places) {
        this.folder = folder.toAbsolutePath();
        this.places = List.copyOf(places);
    }

    @Override
    public Optional<Path> get() {
        return places.stream()
                .flatMap(place -> kernels(place).stream())
                .findFirst()
                .or(() -> kernels(folder).stream().findFirst())
                .or(this::unpacked);
    }

    private static List<Path> kernels(Path place) {
        if (!Files.isDirectory(place)) {
            return Files.isReadable(place) ? List.of(place) : List.of();
        }
        try (var images = Files.newDirectoryStream(place, "vmlinuz*");
                var roots = Files.newDirectoryStream(place)) {
            var found = readable(images);
            return found.isEmpty()
                    ? StreamSupport.stream(roots.spliterator(), false)
                            .map(root -> root.resolve("kernel"))
                            .filter(Files::isReadable)
                            .toList()
                    : found;
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> readable(DirectoryStream<Path> images) {
        return StreamSupport.stream(images.spliterator(), false)
                .filter(image -> Files.isRegularFile(image) && Files.isReadable(image))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private Optional<Path> unpacked() {
        try {
            var work = Files.createTempDirectory(Files.createDirectories(folder), "unpack");
            try {
                var name = packageName();
                if (name.isEmpty()) {
                    return Optional.empty();
                }
                log.info("unpacking {} to probe KVM with its kernel", name.get());
                var limit = Duration.ofMinutes(5);
                Program.of("apt-get", "-q", "download", name.get())
                        .in(work)
                        .limit(limit)
                        .check();
                try (var packages = Files.newDirectoryStream(work, "*.deb")) {
                    var file = packages.iterator().next().toString();
                    Program.of("dpkg-deb", "-x", file, work.toString())
                            .limit(limit)
                            .check();
                }
                var image = kernels(work.resolve("boot")).getFirst();
                return Optional.of(Files.move(image, folder.resolve(image.getFileName())));
            } finally {
                Folders.delete(work);
            }
        } catch (IOException | RuntimeException e) {
            log.info("no kernel to probe KVM with: {}", e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<String> packageName() throws InterruptedException {
        for (var newest : NEWEST) {
            try {
                var matcher = PACKAGE.matcher(
                        Program.of("apt-cache", "depends", newest).read(64 * 1024));
                if (matcher.find()) {
                    return Optional.of(matcher.group(1));
                }
            } catch (IOException e) {
                log.debug("{} is not known here: {}", newest, e.getMessage());
            }
        }
        return Optional.empty();
    }
}
