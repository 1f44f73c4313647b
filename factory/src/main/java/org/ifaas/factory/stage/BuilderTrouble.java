package org.ifaas.factory.stage;

import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.FullDisk;
import org.ifaas.factory.pipeline.StageFailure;

/** Notices in a builder's log when it got no space, or not what it needs from the mirrors, so that the right one is blamed. */
final class BuilderTrouble {
    /**
     * What tools say when they have given up. While they still try, apt says "Ign:" and then, indented, why; so that is none. A
     * package or a suite that the mirror does not list is the definition's business.
     */
    private static final Pattern SIGNS = Pattern.compile(String.join(
            "|",
            // apt, and mmdebstrap and kiwi, which call it
            "[EW]: Failed to fetch ",
            "E: Release file for \\S+ is (expired|not valid yet)",
            // debootstrap, which diskimage-builder calls
            "E: Failed getting release file ",
            "[EW]: Couldn't download ",
            // zypper
            "Download \\(curl\\) error for ",
            "Valid metadata not found at specified URL",
            "not found on medium '",
            "seems to be corrupted during transfer",
            // dnf
            "Errors during downloading metadata for repository ",
            "Error downloading packages:",
            // curl and git, wget, Python
            "Could not resolve host: ",
            "curl: \\((7|28)\\) ",
            "Failed to connect to \\S+ port ",
            "unable to resolve host address ",
            "Temporary failure in name resolution"));

    private static final int MOST_QUOTED = 500;

    private volatile String sign = "";
    private volatile String full = "";
    private volatile String last = "";

    void hear(String text) {
        if (!text.isBlank()) {
            last = text;
        }
        if (full.isEmpty() && FullDisk.isToldBy(text)) {
            full = text;
        }
        if (sign.isEmpty() && SIGNS.matcher(text).find()) {
            sign = text;
        }
    }

    boolean noSpace() {
        return !full.isEmpty();
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
                what + why(),
                full.isEmpty()
                        ? "Read the log of this stage, mend the definition, commit and build again."
                        : "A disk was full: raise sizes.disk_mib if it is the image's; if it was the host's, make space there and retry.");
    }

    private String why() {
        return noSpace()
                ? "; it had no space: " + quoted(full)
                : last.isEmpty() ? "" : "; its last line: " + quoted(last);
    }

    private static String quoted(String line) {
        var text = line.strip();
        return text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "…";
    }
}
