package org.ifaas.storage.bucket;

import java.nio.file.Path;
import org.ifaas.factory.handover.HandoverContract;
import org.ifaas.factory.handover.HostOnThisMachine;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The hand-over by any bucket, with this machine's own curl for the host's. */
public abstract class BucketContract extends HandoverContract {
    @TempDir
    protected Path tmp;

    private HostOnThisMachine connection;

    @BeforeEach
    void aHost() {
        connection = new HostOnThisMachine(tmp);
    }

    @Override
    protected BuildHost host() {
        return HostOnThisMachine.host();
    }

    @Override
    protected Connection connection() {
        return connection;
    }

    /** All of it comes and goes, and of what was cut the part that was on its way comes again. */
    @Override
    protected long mostCarried() {
        return 2 * SIZE + (6 << 20);
    }
}
