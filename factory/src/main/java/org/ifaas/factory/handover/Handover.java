package org.ifaas.factory.handover;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * A way for built files to come from their build hosts to the factory. What lies on the way is named after the host, so that
 * it is found again after a crash.
 */
public interface Handover {
    /** As the configuration calls it. */
    String name();

    /** Packages that a build host needs for it. */
    List<String> packages();

    /** Whether the place between host and factory, where there is one, is usable; tried for real. */
    Availability availability();

    /**
     * Copies the file. It may be called again after a crash, and then goes on with what has come already. What was cut off
     * goes on where it was cut. The file may change while it is copied: what counts is what was written to {@code to}.
     *
     * @throws StageFailure blaming the IMAGE when there is no such regular file or it is larger than allowed, the HOST when
     *     it can't give the file, CLOUD or FACTORY when the place on the way fails
     * @throws IOException when {@code to} can't be written
     */
    void take(BuiltFile file, OutputStream to, StageLog log) throws StageFailure, IOException, InterruptedException;

    /** The names of all hosts of which something lies on the way. */
    List<String> list() throws StageFailure;

    /** Leaves nothing of that host's on the way. No effect when there is nothing. */
    void remove(String host) throws StageFailure, InterruptedException;
}
