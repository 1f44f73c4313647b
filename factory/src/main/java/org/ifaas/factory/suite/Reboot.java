package org.ifaas.factory.suite;

import java.time.Duration;
import java.time.InstantSource;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Reboots an instance and waits until the next boot answers. */
public final class Reboot {
    private static final Duration SHORT = Duration.ofSeconds(60);

    private final Remote remote;
    private final Duration pause;
    private final InstantSource clock;

    public Reboot(Remote remote, InstantSource clock) {
        this(remote, Duration.ofSeconds(2), clock);
    }

    /** @param pause how long to wait while the old boot still answers */
    Reboot(Remote remote, Duration pause, InstantSource clock) {
        this.remote = remote;
        this.pause = pause;
        this.clock = clock;
    }

    /**
     * @param machine with the host key that was pinned at its first boot, or none
     * @param before what {@link BaselineSuite#identity} said of this boot
     * @param connection to the boot that ends; closed
     * @param patience how long the next boot may take
     * @return a connection to the next boot
     * @throws StageFailure blaming the IMAGE when it does not come back
     */
    public Connection reboot(
            BuildHost machine, SshKey key, Identity before, Connection connection, Duration patience, StageLog log)
            throws StageFailure, InterruptedException {
        var start = clock.instant();
        log.line("rebooting the instance");
        ask(machine.user(), connection, log);
        connection.close();
        var deadline = start.plus(patience);
        while (true) {
            var left = Duration.between(clock.instant(), deadline);
            if (left.isNegative()) {
                throw late(patience);
            }
            var next = connect(machine, key, left, patience);
            var id = bootId(next);
            if (!id.isEmpty() && !id.equals(before.bootId())) {
                log.line(
                        "back after %d s",
                        Duration.between(start, clock.instant()).toSeconds());
                return next;
            }
            // Still the old boot, on its way down.
            next.close();
            Thread.sleep(pause);
        }
    }

    /** The link may be gone before the answer has come. */
    private static void ask(String user, Connection connection, StageLog log) throws InterruptedException {
        var command = user.equals("root")
                ? Command.of("systemctl", "--no-block", "reboot")
                : Command.of("sudo", "-n", "systemctl", "--no-block", "reboot");
        try {
            connection.run(command, log, SHORT);
        } catch (StageFailure cut) {
            log.line("the link was cut by the reboot");
        }
    }

    private Connection connect(BuildHost machine, SshKey key, Duration left, Duration patience)
            throws StageFailure, InterruptedException {
        try {
            return remote.connect(machine, key, left);
        } catch (StageFailure unreachable) {
            throw new StageFailure(
                    Blame.IMAGE,
                    late(patience).getMessage() + ": " + unreachable.getMessage(),
                    late(patience).mend());
        }
    }

    private static String bootId(Connection connection) throws InterruptedException {
        try {
            return connection
                    .read(Command.of("cat", "/proc/sys/kernel/random/boot_id"), SHORT)
                    .strip();
        } catch (StageFailure goingDown) {
            return "";
        }
    }

    private static StageFailure late(Duration patience) {
        return new StageFailure(
                Blame.IMAGE,
                "the instance did not come back within " + patience.toSeconds() + " s of its reboot",
                "See in the console log how far the second boot came.");
    }
}
