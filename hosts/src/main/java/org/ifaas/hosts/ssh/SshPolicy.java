package org.ifaas.hosts.ssh;

import java.time.Duration;

/**
 * How patient the way to a machine is.
 *
 * @param attempt for one attempt to connect and log in
 * @param keepAlive how often a silent link is asked whether it lives
 * @param keepAliveMissed how many answers may be missing before it is taken for cut
 * @param reconnect how long a cut link is tried again while a command is followed
 * @param grace between asking a process group to end and killing it
 * @param lineLimit bytes of one line of output; the rest of the line is cut. Fewer than a log takes, so that it keeps how much
 * @param readLimit bytes that {@code Connection.read} returns at most
 * @param followLimit bytes of output that one followed command may write
 */
public record SshPolicy(
        Duration attempt,
        Duration keepAlive,
        int keepAliveMissed,
        Duration reconnect,
        Duration grace,
        int lineLimit,
        int readLimit,
        long followLimit) {
    public static SshPolicy defaults() {
        return new SshPolicy(
                Duration.ofSeconds(90),
                Duration.ofSeconds(15),
                6,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                15 * 1024,
                8 * 1024 * 1024,
                1L << 30);
    }
}
