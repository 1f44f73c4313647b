package org.ifaas.factory.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every way from a build host to the factory promises. */
public abstract class HandoverContract {
    private static final Duration SOON = Duration.ofMinutes(2);
    /** Several parts where a way carries parts, and no whole number of them. */
    protected static final int SIZE = (12 << 20) + 345;

    private static final long MOST = 16 << 20;

    protected final List<String> log = new CopyOnWriteArrayList<>();

    /** A new one each time, as after a restart of the factory. */
    protected abstract Handover handover();

    protected abstract BuildHost host();

    /** To that host; what is below {@code /var/tmp} there is the tests'. */
    protected abstract Connection connection();

    /** The way that the bytes take, or a part of it. */
    protected abstract Way link();

    @AfterEach
    void nothingStaysOnTheWay() throws Exception {
        handover().remove(host().name());
        assertThat(handover().list()).isEmpty();
        handover().remove(host().name());
    }

    @Test
    void it_says_that_it_is_available() {
        assertThat(handover().availability().available())
                .as(handover().availability().detail())
                .isTrue();
    }

    @Test
    void the_whole_file_comes() throws Exception {
        var path = file("whole");
        assertThat(taken(path)).isEqualTo(sha256OnHost(path));
    }

    @Test
    void an_empty_file_comes() throws Exception {
        onHost(": >/var/tmp/empty");
        assertThat(taken("/var/tmp/empty")).isEqualTo(sha256(new byte[0]));
    }

    @Test
    void a_cut_in_the_middle_goes_on_where_it_was() throws Exception {
        var path = file("cut");
        long before = link().carried();
        link().cutAfter(SIZE / 2);
        assertThat(taken(path)).isEqualTo(sha256OnHost(path));
        assertThat(link().wasCut()).isTrue();
        assertThat(link().carried() - before).isLessThan(mostCarried());
    }

    /** Bytes that may pass when the way is cut once. */
    protected long mostCarried() {
        return SIZE * 3L / 2;
    }

    @Test
    void a_factory_that_was_killed_while_it_copied_copies_again() throws Exception {
        var path = file("killed");
        var killed = new OutputStream() {
            @Override
            public void write(int b) {
                throw new Killed();
            }
        };
        catchThrowableOfType(Killed.class, () -> handover().take(built(path, MOST), killed, log::add));
        assertThat(taken(path)).isEqualTo(sha256OnHost(path));
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void a_file_that_grows_while_it_is_copied_comes_as_it_was_or_blames_the_host() throws Exception {
        var path = file("growing");
        var original = sha256OnHost(path);
        var copy = new ByteArrayOutputStream() {
            private boolean grown;

            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                super.write(bytes, from, length);
                if (!grown) {
                    grown = true;
                    onHost("head -c 100000 /dev/zero >>" + path);
                }
            }
        };
        try {
            handover().take(built(path, MOST), copy, log::add);
            assertThat(sha256(copy.toByteArray())).isEqualTo(original);
        } catch (StageFailure e) {
            assertThat(e.blame()).isEqualTo(Blame.HOST);
            assertThat(e).hasMessageContaining("has changed while it was copied");
        }
    }

    @Test
    void what_is_no_regular_file_is_not_taken_and_blames_the_image() throws Exception {
        onHost("cd /var/tmp; rm -rf -- link folder pipe gone; ln -s /etc/passwd link; mkdir folder; mkfifo pipe");
        assertThat(failure("/var/tmp/link", MOST)).hasMessageContaining("symbolic link");
        assertThat(failure("/var/tmp/folder", MOST)).hasMessageContaining("not a regular file");
        assertThat(failure("/var/tmp/pipe", MOST)).hasMessageContaining("not a regular file");
        assertThat(failure("/dev/zero", MOST)).hasMessageContaining("not a regular file");
        assertThat(failure("/var/tmp/gone", MOST)).hasMessageContaining("no such file");
    }

    @Test
    void a_file_that_is_larger_than_allowed_is_not_taken_and_blames_the_image() throws Exception {
        onHost("truncate -s 4T /var/tmp/sparse; truncate -s 101 /var/tmp/larger");
        assertThat(failure("/var/tmp/sparse", MOST)).hasMessageContaining("larger than the limit of " + MOST);
        assertThat(failure("/var/tmp/larger", 100)).hasMessageContaining("larger than the limit of 100");
        onHost("rm /var/tmp/sparse");
    }

    @Test
    void a_target_that_can_not_be_written_is_not_the_hosts_fault() throws Exception {
        var path = file("full");
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThat(catchThrowableOfType(IOException.class, () -> handover().take(built(path, MOST), full, log::add)))
                .hasMessageContaining("No space left");
    }

    protected final StageFailure failure(String path, long most) {
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> handover().take(built(path, most), OutputStream.nullOutputStream(), log::add));
        assertThat(failure).as("%s", path).isNotNull();
        assertThat(failure.blame()).as(failure.getMessage()).isEqualTo(Blame.IMAGE);
        return failure;
    }

    protected final BuiltFile built(String path, long most) {
        return new BuiltFile(host(), connection(), path, most, SOON);
    }

    /** @return the path of a file of {@link #SIZE} bytes */
    protected final String file(String name) {
        var path = "/var/tmp/" + name + ".qcow2";
        onHost("head -c " + SIZE + " /dev/urandom >" + path);
        return path;
    }

    protected final String onHost(String script) {
        try {
            return connection().read(Command.of("sh", "-ec", script), SOON);
        } catch (StageFailure | InterruptedException e) {
            throw new IllegalStateException(script + ": " + e.getMessage(), e);
        }
    }

    protected final String sha256OnHost(String path) {
        return onHost("sha256sum " + path).substring(0, 64);
    }

    /** @return sha256 of what came */
    protected final String taken(String path) throws Exception {
        var copy = new ByteArrayOutputStream();
        handover().take(built(path, MOST), copy, log::add);
        return sha256(copy.toByteArray());
    }

    protected static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
