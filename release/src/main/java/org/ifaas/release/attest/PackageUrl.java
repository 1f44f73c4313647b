package org.ifaas.release.attest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.image.PackageList;

/** Package URLs of type {@code deb}, as the purl specification (ECMA-427) writes them. */
final class PackageUrl {
    private static final Set<String> WITH_DEB = Set.of("debian", "ubuntu");
    private static final String UNRESERVED = ".-_~:";

    private PackageUrl() {}

    /** Empty for a distribution whose packages are not Debian's. {@code upstream} is what vulnerability scanners look for. */
    static Optional<String> of(PackageList.Installed installed, ImageDefinition.Os os) {
        var qualifiers = new TreeMap<String, String>();
        qualifiers.put("arch", installed.architecture());
        qualifiers.put("distro", os.distro() + "-" + os.version());
        if (!installed.source().isEmpty() && !installed.source().equals(installed.name())) {
            qualifiers.put("upstream", installed.source());
        }
        return WITH_DEB.contains(os.distro())
                ? Optional.of(deb(os.distro(), installed.name(), installed.version(), qualifiers))
                : Optional.empty();
    }

    static String deb(String distro, String name, String version, Map<String, String> qualifiers) {
        var url = "pkg:deb/" + encoded(distro) + "/" + encoded(name) + "@" + encoded(version);
        return qualifiers.isEmpty()
                ? url
                : url
                        + new TreeMap<>(qualifiers)
                                .entrySet().stream()
                                        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }
}
