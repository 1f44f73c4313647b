package org.ifaas.factory.stage;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A host of which nothing is wanted but that it runs commands that are followed. */
abstract class FollowedHost implements Remote, Connection {
    private final SshKey key;

    FollowedHost(SshKey key) {
        this.key = key;
    }

    @Override
    public SshKey key(Path folder, String name, String comment) {
        return key;
    }

    @Override
    public Connection connect(BuildHost host, SshKey userKey, Duration patience) throws StageFailure {
        return this;
    }

    @Override
    public String commandLine(BuildHost host, SshKey userKey) {
        return "";
    }

    @Override
    public int run(Command command, StageLog log, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String read(Command command, Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void endAll() {}

    @Override
    public void upload(InputStream content, String path, int mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void download(String path, OutputStream to, long limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String commandLine() {
        return "";
    }

    @Override
    public void close() {}
}
