package org.ifaas.release.attest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.PackageList;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Repository;

/** What stands of a build of {@code debian-12} when it is sealed. */
record FinishedBuild(BuildId id, String distro, HostKind host) {
    static final String SHA256 = "b".repeat(64);
    private static final Instant REQUESTED = Instant.parse("2026-11-22T10:00:00.123456Z");

    static FinishedBuild of(String id) {
        return new FinishedBuild(new BuildId(id), "debian", HostKind.QEMU);
    }

    Build build() {
        var parameters = new Parameters(
                "debian-12",
                "main",
                List.of("region-a", "region-b"),
                null,
                Parameters.HostChoice.AUTO,
                Duration.ofHours(4),
                true,
                false,
                true,
                List.of("curious@example.org"),
                "rc1");
        return new Build(id, parameters, "anna", BuildState.RUNNING, 1, REQUESTED, REQUESTED, null, null, false);
    }

    Inputs inputs() {
        var serial = "20261122-" + id + "-rc1";
        return new Inputs(
                new Repository.Resolved(
                        "debian-12", "shipped", "images/debian-12", "c".repeat(40), "author@example.org", true),
                definition(),
                serial,
                "Standard_Debian_12_amd64_bios_" + serial,
                folder(),
                List.of("region-a", "region-b"),
                List.of(mirror("bookworm", "1".repeat(64)), mirror("bookworm-security", "2".repeat(64))),
                "d".repeat(64),
                Map.of("commit", "c".repeat(40), "tool mmdebstrap", "1.3.5-7", "tool e2fsprogs", "1:1.47.0-2+b2"),
                host,
                "KVM works",
                Instant.parse("2026-11-21T00:00:00Z"),
                "A".repeat(40),
                null);
    }

    static MirrorState mirror(String suite, String digest) {
        return new MirrorState(
                new AptSource("http://mirror.example.org/debian", suite, List.of("main")),
                digest,
                Instant.parse("2026-11-21T08:00:00Z"));
    }

    private ImageDefinition definition() {
        return new ImageDefinition(
                "debian-12",
                "Debian 12 (bookworm)",
                "mmdebstrap",
                "Standard_Debian_12_amd64_bios",
                "system",
                new ImageDefinition.Os(distro, "12", "bookworm", "debian"),
                "amd64",
                ImageDefinition.Firmware.BIOS,
                new ImageDefinition.Sizes(2048, 3, 512),
                "zlib",
                "owner@example.org",
                List.of("team@example.org"),
                new ImageDefinition.Tests("baseline", List.of(), 60, true, List.of()),
                Map.of("os_purpose", "custom"),
                "monthly",
                0,
                List.of(),
                false,
                Map.of("cmdline", "quiet"),
                null,
                List.of(),
                List.of());
    }

    private String folder() {
        return "releases/debian-12/20261122-" + id + "-rc1";
    }

    ImageBuilt image() {
        return image(REQUESTED, REQUESTED.plusSeconds(200));
    }

    /** Built long after stage 1, while a mirror changed. */
    ImageBuilt imageOf(MirrorState... mirrors) {
        var of = image();
        return new ImageBuilt(
                of.key(),
                of.measured(),
                of.virtualBytes(),
                of.packageListKey(),
                of.packages(),
                of.started(),
                of.finished(),
                List.of(mirrors));
    }

    /** As a factory recorded it that did not know the times yet. */
    ImageBuilt oldImage() {
        return image(null, null);
    }

    private ImageBuilt image(Instant started, Instant finished) {
        return new ImageBuilt(
                folder() + "/files/Standard_Debian_12_amd64_bios-20261122-" + id + "-rc1.qcow2",
                new Measured(1 << 20, new Digests("a".repeat(32), SHA256, "e".repeat(128))),
                2L << 30,
                folder() + "/files/packages.tsv",
                4,
                started,
                finished,
                List.of());
    }

    static PackageList packages() throws StageFailure {
        return PackageList.parse("""
                bash	5.2.15-2+b7	amd64	bash
                bsdutils	1:2.38.1-5+deb12u3	amd64	util-linux
                libstdc++6	12.2.0-14	amd64	gcc-12
                libstdc++6	12.2.0-14	i386	gcc-12
                libstdc++6	12.2.0-14	amd64	gcc-12
                tzdata	2025b-0+deb12u1~x	all	\

                """);
    }
}
