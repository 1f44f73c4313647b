package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.suite.IperfServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestroyBuildHostTest {
    @TempDir
    Path parent;

    @Test
    void noServerOfTheBuildIsLeftWhenItsFolderGoes() throws Exception {
        var folder = Files.createDirectory(parent.resolve("build"));
        var server = new IperfServer("iperf3", folder);
        server.start(Listening.LOOPBACK);
        var process = ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("iperf3.pid"))))
                .orElseThrow();
        try {
            var made = new DestroyBuildHost(new BuildHosts(List.of()), new NoWay(), new Names("abc123"))
                    .run(new Standing(Tiny.build(), new Facts(List.of()), folder));
            assertThat(made).isEqualTo(new HostDestroyed(null));
            assertThat(process.isAlive()).isFalse();
            assertThat(folder).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    /** To no host, where there is none. */
    private static final class NoWay implements Remote {
        @Override
        public SshKey key(Path folder, String name, String comment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String commandLine(BuildHost host, SshKey userKey) {
            throw new UnsupportedOperationException();
        }
    }
}
