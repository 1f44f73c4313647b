package org.ifaas.server.console;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/** Definitions to look at; nothing is built from them. */
final class SampleImages implements Repository {
    static final String HOSTILE = "<script>alert('definition')</script>";

    private final List<Listed> listed;

    SampleImages() {
        listed = List.of(
                definition("debian-12", "Debian 12 (bookworm)", "diskimage-builder", "monthly"),
                definition("debian-13", "Debian 13 (trixie)", "diskimage-builder", "weekly"),
                definition("busybox", "A guest as small as they get", "script", "never"),
                new Listed(
                        "ubuntu-26.04",
                        "ours",
                        null,
                        "image.yaml:7: sizes.disk_mib is “" + HOSTILE + "”, which is not a whole number"));
    }

    /** One whose releases somebody has to confirm; it is not in the list. */
    static final String CERTIFIED = "certified";

    private static Listed definition(String name, String title, String builder, String frequency) {
        return new Listed(
                name,
                "shipped",
                new ImageDefinition(
                        name,
                        title,
                        builder,
                        "Standard_" + name,
                        "system",
                        new ImageDefinition.Os("debian", "12", "bookworm", "debian"),
                        "amd64",
                        ImageDefinition.Firmware.BIOS,
                        new ImageDefinition.Sizes(2048, 3, 512),
                        "zlib",
                        "owner@example.org",
                        List.of(),
                        new ImageDefinition.Tests("baseline", List.of(), 60, false, List.of()),
                        Map.of(),
                        frequency,
                        0,
                        List.of(),
                        false,
                        Map.of(),
                        null,
                        List.of(),
                        name.equals(CERTIFIED)
                                ? List.of(new ImageDefinition.CertificationStep("scan", "No vulnerability", "Security"))
                                : List.of()),
                null);
    }

    @Override
    public List<Listed> definitions() {
        return listed;
    }

    static ImageDefinition of(String name) {
        if (name.equals(CERTIFIED)) {
            return Objects.requireNonNull(
                    definition(name, "Certified", "script", "never").definition());
        }
        return new SampleImages()
                .listed.stream()
                        .filter(one -> one.isMeantBy(name))
                        .map(Listed::definition)
                        .findFirst()
                        .orElseThrow();
    }

    @Override
    public String nameOf(String image, @Nullable String ref) {
        return image.replaceFirst("^shipped:", "");
    }

    @Override
    public Resolved resolve(String image, @Nullable String ref) throws StageFailure {
        return listed.stream()
                .filter(one -> one.name().equals(image))
                .findFirst()
                .map(one ->
                        new Resolved(image, one.repository(), "images/" + image, "c0ffee", "anna@example.org", true))
                .orElseThrow(
                        () -> new StageFailure(Blame.REQUEST, "there is no image definition " + image, "Commit one."));
    }

    @Override
    public ImageDefinition definition(Resolved at) throws StageFailure {
        for (var one : listed) {
            if (one.name().equals(at.image()) && one.error() != null) {
                throw new StageFailure(Blame.IMAGE, one.error(), "Correct it and commit.");
            }
        }
        return of(at.image());
    }

    @Override
    public InputStream file(Resolved at, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void bundle(Resolved at, OutputStream to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> mentioned(Resolved at, Set<String> words) {
        return Set.of();
    }
}
