package org.ifaas.hosts.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * SSH with keys made for one build. Knows nothing of the user's own {@code ~/.ssh}: only the key that is given logs in, and
 * only the key that is pinned is accepted.
 */
public final class SshRemote implements Remote, AutoCloseable {
    /** The JDK's AES-GCM is the fastest here. */
    private static final List<String> CIPHERS =
            List.of("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-ctr");

    private static final List<String> KEY_EXCHANGES = List.of("curve25519-sha256", "curve25519-sha256@libssh.org");
    private static final List<String> SIGNATURES = List.of("ssh-ed25519");

    private final SshPolicy policy;
    private @Nullable SshClient started;

    public SshRemote() {
        this(SshPolicy.defaults());
    }

    public SshRemote(SshPolicy policy) {
        this.policy = policy;
    }

    @Override
    public SshKey key(Path folder, String name, String comment) {
        return OpenSshKeys.at(folder.resolve(name), comment);
    }

    @Override
    public Connection connect(BuildHost host, SshKey userKey, Duration patience)
            throws StageFailure, InterruptedException {
        var link = new Link(client(), host, userKey, policy);
        link.session(patience);
        return new SshConnection(link, policy);
    }

    @Override
    public String commandLine(BuildHost host, SshKey userKey) {
        return new KnownHosts(host, userKey).commandLine();
    }

    @Override
    public synchronized void close() {
        if (started != null) {
            started.stop();
        }
    }

    /** Made on first use: its providers of cryptography are a good part of the time in which a factory starts. */
    private synchronized SshClient client() {
        if (started == null) {
            started = start(policy);
        }
        return started;
    }

    private static SshClient start(SshPolicy policy) {
        var client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        client.setServerKeyVerifier((session, _, key) -> {
            var context = session.getConnectionContext();
            var pin = context == null ? null : context.getAttribute(Pin.ATTRIBUTE);
            return pin != null && pin.accepts(key);
        });
        client.setCipherFactories(first(client.getCipherFactories(), CIPHERS));
        client.setKeyExchangeFactories(first(client.getKeyExchangeFactories(), KEY_EXCHANGES));
        // A machine with several host keys is to show the kind that was pinned.
        client.setSignatureFactories(first(client.getSignatureFactories(), SIGNATURES));
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, policy.keepAlive());
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, policy.keepAliveMissed());
        CoreModuleProperties.AUTH_TIMEOUT.set(client, policy.attempt());
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        client.start();
        return client;
    }

    private static <T extends NamedResource> List<T> first(List<T> all, List<String> preferred) {
        var sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt(one -> {
            int place = preferred.indexOf(one.getName());
            return place < 0 ? preferred.size() : place;
        }));
        return sorted;
    }
}
