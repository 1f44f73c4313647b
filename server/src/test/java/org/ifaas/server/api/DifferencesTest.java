package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DifferencesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path folder;

    private final InMemoryJournal journal = new InMemoryJournal();

    @Test
    void how_far_an_image_is_carried_is_no_difference_and_what_it_is_made_from_is() throws Exception {
        var one = built(
                "aaaaaaaa",
                "11",
                Map.of(
                        "commit", "c0ffee",
                        "tool mmdebstrap", "1.4",
                        "run tests", "true",
                        "request publication", "true",
                        "serial suffix", "null",
                        "regions", "west,east"));
        var other = built(
                "bbbbbbbb",
                "22",
                Map.of(
                        "commit", "c0ffee",
                        "tool mmdebstrap", "1.5",
                        "run tests", "false",
                        "request publication", "false",
                        "serial suffix", "rc1",
                        "regions", "west"));

        var difference = new Differences(journal, new PlainArtifactStore(folder)).between(one, other);

        assertThat(difference.same()).isFalse();
        assertThat(difference.differences()).containsExactly("input tool mmdebstrap: 1.4; 1.5");
    }

    private Build built(String id, String sha256, Map<String, String> inputs) throws Exception {
        var build = journal.create(new BuildId(id), Parameters.of("tiny"), "anna", NOW);
        var lease = journal.take(build.id(), NOW);
        var image = new OneImage("tiny");
        journal.start(lease, StageName.INITIALIZE, NOW);
        journal.done(
                lease,
                StageName.INITIALIZE,
                new Inputs(
                        image.resolve("tiny", null),
                        image.definition(),
                        "20261124-" + id,
                        "tiny",
                        "releases/tiny/" + id,
                        List.of("west"),
                        List.of(),
                        "d",
                        inputs,
                        null,
                        "",
                        NOW,
                        "",
                        null),
                null,
                NOW);
        journal.start(lease, StageName.BUILD_IMAGE, NOW);
        var measured = new Measured(7, new Digests("m" + sha256, sha256, "s" + sha256));
        journal.done(
                lease,
                StageName.BUILD_IMAGE,
                new ImageBuilt("key", measured, 7, "packages", 0, null, null, List.of()),
                null,
                NOW);
        return build;
    }
}
