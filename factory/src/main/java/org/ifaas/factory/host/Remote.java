package org.ifaas.factory.host;

import java.nio.file.Path;
import java.time.Duration;
import org.ifaas.factory.pipeline.StageFailure;

/** The way to machines: SSH with keys made for one build. */
public interface Remote {
    /** Makes an Ed25519 key pair {@code folder/name}, or returns the one that is there. */
    SshKey key(Path folder, String name, String comment);

    /**
     * Connects, retrying for as long as {@code patience}; refuses any host key but {@link BuildHost#hostKey()}.
     *
     * @throws StageFailure blaming the HOST when it can't be reached in time or shows another key
     */
    Connection connect(BuildHost host, SshKey userKey, Duration patience) throws StageFailure, InterruptedException;

    /** A command line with which a person reaches the machine. */
    String commandLine(BuildHost host, SshKey userKey);
}
