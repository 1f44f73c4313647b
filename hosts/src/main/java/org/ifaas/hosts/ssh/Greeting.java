package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/** The first words of an SSH server, by which it is known that one is there. */
final class Greeting implements SessionListener {
    private final CountDownLatch heard = new CountDownLatch(1);

    /** @throws IOException when nothing was heard within the limit */
    void await(ClientSession session, Duration limit) throws IOException, InterruptedException {
        session.addSessionListener(this);
        // It may have come before anybody listened.
        if (session.getServerVersion() == null
                && session.isOpen()
                && !heard.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("something answers, but no SSH server");
        }
    }

    @Override
    public void sessionPeerIdentificationReceived(Session session, String version, List<String> extraLines) {
        heard.countDown();
    }

    @Override
    public void sessionClosed(Session session) {
        heard.countDown();
    }
}
