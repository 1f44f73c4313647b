package org.ifaas.factory.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/** A repository with one definition, until it is gone. */
public class OneImage implements Repository {
    private static final ImageDefinition.Tests NO_TESTS =
            new ImageDefinition.Tests("none", List.of(), 60, false, List.of());

    private final String image;
    private final String file;
    private boolean gone;

    public OneImage(String image) {
        this(image, "");
    }

    /** @param file content of every file that is asked for */
    public OneImage(String image, String file) {
        this.image = image;
        this.file = file;
    }

    public void isGone() {
        gone = true;
    }

    public ImageDefinition definition() {
        return definition(List.of(), List.of());
    }

    /** Built by itself at those times. */
    public ImageDefinition scheduled(Timing timing) {
        return definition(List.of(), List.of(), NO_TESTS, timing);
    }

    /** With a test of its own, on these flavors. */
    public ImageDefinition on(String... flavors) {
        return on(false, flavors);
    }

    /** The same, and a second instance is compared with the first. */
    public ImageDefinition twoOn(String... flavors) {
        return on(true, flavors);
    }

    private ImageDefinition on(boolean twoInstances, String... flavors) {
        return definition(
                List.of(),
                List.of(),
                new ImageDefinition.Tests("none", List.of("tests/own.sh"), 60, twoInstances, List.of(flavors)),
                null);
    }

    /** Held to the suite of every image. */
    public ImageDefinition baseline(boolean twoInstances) {
        return definition(
                List.of(),
                List.of(),
                new ImageDefinition.Tests("baseline", List.of(), 60, twoInstances, List.of()),
                null);
    }

    public ImageDefinition definition(
            List<ImageDefinition.OwnStage> stages, List<ImageDefinition.CertificationStep> certification) {
        return definition(stages, certification, NO_TESTS, null);
    }

    private ImageDefinition definition(
            List<ImageDefinition.OwnStage> stages,
            List<ImageDefinition.CertificationStep> certification,
            ImageDefinition.Tests tests,
            @Nullable Timing timing) {
        return new ImageDefinition(
                image,
                "One image",
                "script",
                image,
                "build",
                new ImageDefinition.Os("debian", "12", "", "root"),
                "amd64",
                ImageDefinition.Firmware.BIOS,
                new ImageDefinition.Sizes(64, 1, 128),
                "zlib",
                "owner@example.org",
                List.of("team@example.org"),
                tests,
                Map.of(),
                "monthly",
                0,
                List.of(),
                false,
                Map.of(),
                timing,
                stages,
                certification);
    }

    @Override
    public List<Listed> definitions() {
        return gone ? List.of() : List.of(new Listed(image, "shipped", definition(), null));
    }

    @Override
    public Resolved resolve(String wanted, @Nullable String ref) throws StageFailure {
        if (gone || !wanted.equals(image)) {
            throw new StageFailure(Blame.REQUEST, "there is no image definition " + wanted, "Commit one.");
        }
        return new Resolved(image, "shipped", "images/" + image, "c0ffee", "author@example.org", true);
    }

    @Override
    public ImageDefinition definition(Resolved at) {
        return definition();
    }

    @Override
    public InputStream file(Resolved at, String path) {
        return new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void bundle(Resolved at, OutputStream to) {}

    @Override
    public Set<String> mentioned(Resolved at, Set<String> words) {
        return Set.of();
    }
}
