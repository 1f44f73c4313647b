package org.ifaas.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import java.io.UncheckedIOException;

/**
 * The way to build hosts and test instances, which answer as real ones do and take their time, but are not there: what a factory
 * does over SSH is not in the figures. Keys are made for real.
 *
 * @param image what every host has built
 * @param seconds how long all that runs on its host takes in a build, about
 */
record SimulatedHosts(Remote real, byte[] image, int seconds) implements Remote {
    @Override
    public SshKey key(Path folder, String name, String comment) {
        return real.key(folder, name, comment);
    }

    @Override
    public Connection connect(BuildHost host, SshKey userKey, Duration patience) throws InterruptedException {
        var connection = new Simulated(host.name().replaceFirst("-[ht][0-9]+$", ""));
        connection.takes(2);
        return connection;
    }

    @Override
    public String commandLine(BuildHost host, SshKey userKey) {
        return real.commandLine(host, userKey);
    }

    private final class Simulated implements Connection {
        private final double pace;
        private String commit = "";

        /** Some builds take four times as long as others. */
        private Simulated(String build) {
            pace = 0.4 + 1.2 * (Math.floorMod(build.hashCode(), 1000) / 1000.0);
        }

        /** That share of all the time, in per cent, half or one and a half of it. */
        private void takes(int share) throws InterruptedException {
            long millis = (long) (seconds * 10 * share * pace);
            Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1));
        }

        @Override
        public int run(Command command, StageLog log, Duration limit) throws InterruptedException {
            takes(1);
            return 0;
        }

        @Override
        public String read(Command command, Duration limit) throws InterruptedException {
            var words = command.argv();
            return switch (words.getFirst()) {
                case "cat" -> "ID=debian\nVERSION_ID=12\n";
                case "uname" -> "6.1.0-10-cloud-amd64\n";
                case "nproc" -> "2\n";
                case "awk" -> "4096\n";
                case "df" -> "Avail\n20000M\n";
                case "git" -> commit;
                case "mktemp" -> "/tmp/ifaas-test.ABCDEFGHIJ\n";
                case "/bin/sh" -> {
                    takes(20);
                    yield "exit 0\nTAP version 13\nok 1 - it runs\n1..1\n";
                }
                default -> "";
            };
        }

        /** A line now and then. */
        @Override
        public int follow(String id, Command command, StageLog log, Duration limit) throws InterruptedException {
            int share = id.startsWith("build-") ? 50 : 10;
            for (int done = 0; done < share; done++) {
                log.line("Setting up package-%d (1.2.3-%d) ...", done, done);
                takes(1);
            }
            return 0;
        }

        @Override
        public void endAll() {}

        @Override
        public void upload(InputStream content, String path, int mode) throws StageFailure {
            try {
                if (path.endsWith("/.git/shallow")) {
                    commit = new String(content.readAllBytes(), StandardCharsets.US_ASCII);
                } else {
                    content.transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void download(String path, OutputStream to, long limit) throws IOException {
            var content = path.endsWith(".qcow2")
                    ? image
                    : "busybox\t1:1.35.0-4\tamd64\tbusybox\n".getBytes(StandardCharsets.UTF_8);
            new ByteArrayInputStream(content).transferTo(to);
        }

        @Override
        public String commandLine() {
            return "nobody is there";
        }

        @Override
        public void close() {}
    }
}
