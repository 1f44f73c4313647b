package org.ifaas.factory.stage;

import java.util.List;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Notices in a builder's log when it could not get what it needs from the mirrors, so that the right one is blamed. */
final class MirrorTrouble {
    private static final List<String> SIGNS = List.of(
            "Failed to fetch",
            "Temporary failure resolving",
            "Could not resolve",
            "Hash Sum mismatch",
            "Connection timed out",
            "File has unexpected size",
            "Unable to connect to");

    private static final int MOST_QUOTED = 500;

    private volatile String sign = "";
    private volatile String last = "";

    void hear(String text) {
        if (!text.isBlank()) {
            last = text;
        }
        if (sign.isEmpty() && SIGNS.stream().anyMatch(text::contains)) {
            sign = text;
        }
    }

    StageFailure failure(String what) {
        if (!sign.isEmpty()) {
            return new StageFailure(
                    Blame.CLOUD,
                    what + "; a mirror failed: " + quoted(sign),
                    "A new attempt is made by itself; check the mirrors with 'ifaas doctor'.");
        }
        return new StageFailure(
                Blame.IMAGE,
                last.isEmpty() ? what : what + "; its last line: " + quoted(last),
                "Read the log of this stage, mend the definition, commit and build again.");
    }

    private static String quoted(String line) {
        var text = line.strip();
        return text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "…";
    }
}
