package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** The link to one machine; made anew when it is cut. */
final class Link implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 3000;
    private static final Duration LEAST_FOR_GREETING = Duration.ofSeconds(3);

    private final SshClient client;
    private final BuildHost host;
    private final KnownHosts knownHosts;
    private final KeyPair userKey;
    private final SshPolicy policy;
    private final Pin pin;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ClientSession session;

    Link(SshClient client, BuildHost host, SshKey userKey, SshPolicy policy) throws StageFailure {
        this.client = client;
        this.host = host;
        this.policy = policy;
        this.knownHosts = new KnownHosts(host, userKey);
        this.pin = new Pin(host.hostKey() != null ? host.hostKey() : knownHosts.pinned());
        try {
            this.userKey = OpenSshKeys.load(userKey.privateKey());
        } catch (IOException | GeneralSecurityException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the user key " + userKey.privateKey() + " can't be read: " + e.getMessage(),
                    "See that the factory's own folder is whole and readable to it.",
                    e);
        }
    }

    String name() {
        return host.name();
    }

    String commandLine() {
        return knownHosts.commandLine();
    }

    /** The open link; where there is none, connects, trying again for as long as {@code patience}. */
    ClientSession session(Duration patience) throws StageFailure, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (session == null || !session.isOpen()) {
                session = connect(patience);
            }
            return session;
        } finally {
            lock.unlock();
        }
    }

    private ClientSession connect(Duration patience) throws StageFailure, InterruptedException {
        long begin = System.nanoTime();
        long end = begin + patience.toNanos();
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                var opened = attempt(Duration.ofNanos(end - System.nanoTime()), forGreeting(begin));
                remember();
                return opened;
            } catch (InterruptedIOException e) {
                throw interruption(e);
            } catch (IOException e) {
                refuseAnotherKey();
                if (System.nanoTime() + pause * 1_000_000 > end) {
                    throw unreachable(patience, e);
                }
            }
            Thread.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    /**
     * QEMU's user network opens a connection before its guest has a network, and then asks the guest ever more seldom. So
     * none is waited for longer than a tenth of the time that has passed: a machine that takes long is a slow one.
     */
    private static Duration forGreeting(long begin) {
        var tenth = Duration.ofNanos((System.nanoTime() - begin) / 10);
        return tenth.compareTo(LEAST_FOR_GREETING) > 0 ? tenth : LEAST_FOR_GREETING;
    }

    private ClientSession attempt(Duration left, Duration forGreeting) throws IOException, InterruptedException {
        var limit = left.compareTo(policy.attempt()) < 0 ? left.plusSeconds(1) : policy.attempt();
        var context = AttributeRepository.ofKeyValuePair(Pin.ATTRIBUTE, pin);
        var future = client.connect(host.user(), host.address(), host.port(), context, null);
        ClientSession opened;
        try {
            opened = future.verify(limit).getSession();
        } catch (IOException | RuntimeException e) {
            future.cancel();
            throw e;
        }
        try {
            new Greeting().await(opened, forGreeting);
            opened.addPublicKeyIdentity(userKey);
            opened.auth().verify(limit);
            return opened;
        } catch (IOException | InterruptedException | RuntimeException e) {
            opened.close(true);
            throw e;
        }
    }

    private void remember() throws StageFailure {
        var key = pin.key();
        try {
            if (key != null) {
                knownHosts.write(key);
            }
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY, "can't write " + knownHosts.file() + ": " + e, "See to space and rights there.", e);
        }
    }

    private void refuseAnotherKey() throws StageFailure {
        var shown = pin.refused();
        if (shown != null) {
            throw new StageFailure(
                    Blame.HOST,
                    "host " + host.name() + " at " + where() + " showed the host key " + shown + " instead of "
                            + pin.key(),
                    "Something else answers at that address. Nothing was sent to it; retry on a fresh host.");
        }
    }

    private StageFailure unreachable(Duration patience, IOException last) {
        return new StageFailure(
                Blame.HOST,
                "host " + host.name() + " could not be reached at " + where() + " as " + host.user() + " within "
                        + patience.toSeconds() + " s: " + last.getMessage(),
                "Retry on a fresh host; when it happens again, look at the host's console.",
                last);
    }

    private String where() {
        return host.address() + ":" + host.port();
    }

    /** What an interrupt looks like in blocking streams, as what it is. */
    static InterruptedException interruption(InterruptedIOException e) {
        Thread.interrupted();
        var interruption = new InterruptedException(e.getMessage());
        interruption.initCause(e);
        return interruption;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (session != null) {
                session.close(true);
            }
        } finally {
            lock.unlock();
        }
    }
}
