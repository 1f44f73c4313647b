package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Coloured;

/** How an image came to be, for its customers: the logs of the stages that made and tested it, as files of its release, without colours. */
record ReleaseLogs(Logs logs, ArtifactStore store) {
    private static final List<StageName> TOLD = List.of(
            StageName.CHECK_OUT_SOURCES,
            StageName.CONFIGURE_BUILD_HOST,
            StageName.PREPARE_RUN,
            StageName.BUILD_IMAGE,
            StageName.REGISTER_PRIVATE_IMAGE,
            StageName.TEST_IMAGE,
            StageName.HASH_IMAGE);

    /** @param folder of the release in the store */
    void write(String folder, StageContext build) throws IOException, InterruptedException {
        for (var stage : TOLD) {
            // What stands from an earlier attempt was logged there.
            for (int attempt = build.build().attempt(); attempt > 0; attempt--) {
                if (copied(attempt, stage, folder + "/files/logs/" + stage.file() + ".log", build)) {
                    break;
                }
            }
        }
    }

    private boolean copied(int attempt, StageName stage, String key, StageContext build)
            throws IOException, InterruptedException {
        var chunk = logs.read(build.id(), attempt, stage, 0, Duration.ZERO);
        if (chunk.text().isEmpty()) {
            return false;
        }
        try (var out = store.create(key)) {
            while (!chunk.text().isEmpty()) {
                out.write(Coloured.plain(chunk.text()).getBytes(StandardCharsets.UTF_8));
                chunk = logs.read(build.id(), attempt, stage, chunk.next(), Duration.ZERO);
            }
        }
        return true;
    }
}
