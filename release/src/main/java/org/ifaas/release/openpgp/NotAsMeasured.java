package org.ifaas.release.openpgp;

import java.nio.file.Path;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** A file whose content is no longer what the factory measured when it took it over. */
public final class NotAsMeasured {
    private NotAsMeasured() {}

    public static StageFailure failure(Path file, Measured expected, long size, String sha256) {
        return new StageFailure(
                Blame.FACTORY,
                "%s is not what was measured: %d bytes with SHA-256 %s instead of %d bytes with %s"
                        .formatted(
                                file,
                                size,
                                sha256,
                                expected.size(),
                                expected.digests().sha256()),
                "find out what wrote to the artifact store after the image was built, then build again");
    }
}
