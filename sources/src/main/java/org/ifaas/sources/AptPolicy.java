package org.ifaas.sources;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param archives where a distribution's archive is, by the distribution's name; what is not here is taken from this
 *     machine's own apt configuration
 * @param components of the archive
 * @param keyrings with the archives' public keys; those that are on this machine are used
 * @param limit the most one download may take
 * @param mostReleaseBytes the largest {@code InRelease}
 * @param mostIndexBytes the largest list of packages, uncompressed
 */
public record AptPolicy(
        Map<String, Archive> archives,
        List<String> components,
        List<Path> keyrings,
        Duration limit,
        long mostReleaseBytes,
        long mostIndexBytes) {
    public AptPolicy {
        archives = Map.copyOf(archives);
        components = List.copyOf(components);
        keyrings = List.copyOf(keyrings);
    }

    /**
     * @param base address of the archive, of http, https or file
     * @param security address of its security updates; null when it has none of its own
     */
    public record Archive(String base, @Nullable String security) {
        public Archive {
            base = address(base);
            security = security == null ? null : address(security);
        }

        private static String address(String url) {
            var address = url.replaceAll("/+$", "");
            if (!address.matches("(https?|file)://?[!-~]+")) {
                throw new IllegalArgumentException("the address of a mirror is “" + Problem.shown(url)
                        + "”, which is not allowed there. It has to be: a URL of http, https or file.");
            }
            return address;
        }
    }

    public static AptPolicy defaults() {
        return new AptPolicy(
                Map.of(),
                List.of("main"),
                List.of(
                        Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"),
                        Path.of("/usr/share/keyrings/debian-archive-keyring.pgp"),
                        Path.of("/usr/share/keyrings/ubuntu-archive-keyring.gpg")),
                Duration.ofMinutes(3),
                16L << 20,
                1L << 30);
    }

    public AptPolicy withArchives(Map<String, Archive> archives) {
        return new AptPolicy(archives, components, keyrings, limit, mostReleaseBytes, mostIndexBytes);
    }
}
