package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Writes hashdeep audit sets ({@code %%%% HASHDEEP-1.0}, md5 and sha256) and the release's checksums. */
public interface Auditor {
    /**
     * The audit set of every file inside an image, read without mounting it.
     *
     * @param image qcow2 whose header was checked
     * @param temporary an empty folder to work in; emptied again
     * @return how many files it lists; -1 when the image's file system can't be read here, and then nothing is written and
     *     the log says why
     */
    long auditInside(Path image, Path auditSet, Path temporary, StageLog log)
            throws StageFailure, IOException, InterruptedException;

    /** The audit set of all files below {@code folder/files}, with names relative to {@code folder}; {@code known} spares reading. */
    void auditRelease(Path folder, Path auditSet, Map<Path, Measured> known) throws IOException;

    /** {@code SHA256SUMS} of all files below the folder but itself and its signature, in {@code sha256sum}'s format. */
    void checksums(Path folder, Map<Path, Measured> known) throws IOException;
}
