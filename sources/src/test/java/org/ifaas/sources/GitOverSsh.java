package org.ifaas.sources;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** A git server for ssh on a free port of loopback, which lets in one key to read. */
final class GitOverSsh implements AutoCloseable {
    private static final Pattern READ = Pattern.compile("git-upload-pack '(/[^']+)'");

    final List<String> commands = new CopyOnWriteArrayList<>();
    private final SshServer server = SshServer.setUpDefaultServer();
    private final PublicKey own;

    GitOverSsh(Path deployKey) throws Exception {
        var keys = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
        own = keys.getPublic();
        var let = AuthorizedKeyEntry.parseAuthorizedKeyEntry(
                        Files.readString(Path.of(deployKey + ".pub")).strip())
                .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys));
        server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, let));
        server.setCommandFactory((channel, command) -> {
            commands.add(command);
            return new Reading(command);
        });
        server.start();
    }

    /** Without a passphrase, as ssh-keygen makes it. */
    static Path newKey(Path file) throws Exception {
        var made = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-C", "a deploy key", "-f", file.toString())
                .inheritIO()
                .start();
        if (made.waitFor() != 0) {
            throw new IOException("ssh-keygen failed");
        }
        return file;
    }

    String url(Path repository) {
        return "ssh://git@127.0.0.1:" + server.getPort() + repository;
    }

    String knownHostsLine() {
        return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(own) + "\n";
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }

    /** Runs git for the one command that a reader may give. */
    private static final class Reading implements Command {
        private final String command;
        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private @Nullable ExitCallback callback;
        private @Nullable Process git;

        Reading(String command) {
            this.command = command;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            var read = READ.matcher(command);
            var started = new ProcessBuilder(
                            "git", "-c", "safe.directory=*", "upload-pack", read.matches() ? read.group(1) : "/nothing")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            git = started;
            var from = in;
            var to = out;
            var ended = callback;
            if (from == null || to == null || ended == null) {
                throw new IllegalStateException("started before it was connected");
            }
            Thread.ofVirtual().start(() -> copy(from, started.getOutputStream()));
            Thread.ofVirtual().start(() -> {
                copy(started.getInputStream(), to);
                ended.onExit(started.onExit().join().exitValue());
            });
        }

        private static void copy(InputStream from, OutputStream to) {
            var some = new byte[8192];
            try (to) {
                for (int n; (n = from.read(some)) >= 0; ) {
                    to.write(some, 0, n);
                    to.flush();
                }
            } catch (IOException cut) {
                // The other end has what it wanted.
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            if (git != null) {
                git.destroy();
            }
        }

        @Override
        public void setInputStream(InputStream from) {
            in = from;
        }

        @Override
        public void setOutputStream(OutputStream to) {
            out = to;
        }

        @Override
        public void setErrorStream(OutputStream to) {
            try {
                to.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void setExitCallback(ExitCallback ended) {
            callback = ended;
        }
    }
}
