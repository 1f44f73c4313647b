package org.ifaas.factory.handover;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/**
 * A look at a file before it leaves its host. A host that lies about it gains nothing: what comes is measured; but an honest
 * one is told at once what is wrong.
 */
public final class OnHost {
    private static final Duration SHORT = Duration.ofMinutes(2);

    private OnHost() {}

    /**
     * Its size.
     *
     * @throws StageFailure blaming the IMAGE when there is no such regular file or it is larger than allowed
     */
    public static long bytes(BuiltFile file) throws StageFailure, InterruptedException {
        var said = file.connection()
                .read(new Command(List.of("sh", "-c", script(), "look", file.path()), Map.of(), "/"), SHORT)
                .strip();
        if (!said.matches("[0-9]{1,18}")) {
            throw new StageFailure(
                    Blame.IMAGE,
                    file.path() + " on host " + file.host().name() + " can't be fetched: " + said,
                    "See in the log why it was not made as a regular file.");
        }
        long bytes = Long.parseLong(said);
        if (bytes > file.most()) {
            throw tooLarge(file, bytes);
        }
        return bytes;
    }

    public static StageFailure tooLarge(BuiltFile file, long bytes) {
        return new StageFailure(
                Blame.IMAGE,
                file.path() + " on host " + file.host().name() + " is larger than the limit of " + file.most()
                        + " bytes: it has " + bytes,
                "Make it smaller; how large an image may be follows from sizes.disk_mib of its definition.");
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(OnHost.class.getResourceAsStream("look.sh"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
