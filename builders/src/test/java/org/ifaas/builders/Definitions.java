package org.ifaas.builders;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.image.BuilderInputs;
import org.ifaas.factory.source.AptSource;

/** Inputs for the builders under test. */
final class Definitions {
    private Definitions() {}

    static BuilderInputs inputs(String builder, String description, Map<String, String> options) {
        var definition = new ImageDefinition(
                "debian-12",
                "Debian 12",
                builder,
                "Standard_Debian_12_amd64_bios",
                description,
                new ImageDefinition.Os("debian", "12", "bookworm", "debian"),
                "amd64",
                ImageDefinition.Firmware.BIOS,
                new ImageDefinition.Sizes(2048, 3, 512),
                "zlib",
                "images@example.org",
                List.of(),
                new ImageDefinition.Tests("baseline", List.of(), 60, false, List.of()),
                Map.of(),
                "monthly",
                0,
                List.of(),
                false,
                options,
                null,
                List.of(),
                List.of());
        return new BuilderInputs(
                definition,
                "/srv/checkout/images/debian-12",
                "/var/lib/ifaas/run",
                "debian-12-20261122.1",
                List.of(
                        new AptSource("http://mirror.example/debian", "bookworm", List.of("main")),
                        new AptSource(
                                "http://mirror.example/security", "bookworm-security", List.of("main", "contrib"))),
                "/var/lib/ifaas/archive.gpg",
                Instant.parse("2026-11-22T00:00:00Z"),
                "00112233445566778899aabbccddeeff");
    }
}
