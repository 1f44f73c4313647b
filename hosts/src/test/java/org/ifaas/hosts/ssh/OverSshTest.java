package org.ifaas.hosts.ssh;

import java.nio.file.Path;
import java.time.Duration;
import org.ifaas.factory.handover.CuttableLink;
import org.ifaas.factory.handover.Handover;
import org.ifaas.factory.handover.HandoverContract;
import org.ifaas.factory.handover.OverSsh;
import org.ifaas.factory.handover.Way;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Files that come over a connection that is cut. */
class OverSshTest extends HandoverContract {
    @TempDir
    static Path folder;

    private static SshRemote remote;
    private static SshServer server;
    private static CuttableLink link;
    private static BuildHost host;
    private static Connection connection;

    @BeforeAll
    static void startServer() throws Exception {
        remote = new SshRemote();
        var userKey = remote.key(folder, "user-key", "build test");
        server = new SshServer(folder, remote, userKey);
        link = new CuttableLink(server.port());
        host = server.host(server.hostKey(), link.port(), server.host().user());
        connection = remote.connect(host, userKey, Duration.ofMinutes(1));
    }

    @AfterAll
    static void stopServer() throws Exception {
        connection.close();
        link.close();
        server.close();
        remote.close();
    }

    @Override
    protected Handover handover() {
        return new OverSsh();
    }

    @Override
    protected BuildHost host() {
        return host;
    }

    @Override
    protected Connection connection() {
        return connection;
    }

    @Override
    protected Way link() {
        return link;
    }
}
