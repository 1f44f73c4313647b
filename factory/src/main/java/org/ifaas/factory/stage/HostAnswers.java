package org.ifaas.factory.stage;

import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** What to say when a build host answers nonsense: it is hostile or broken. */
final class HostAnswers {
    private HostAnswers() {}

    static StageFailure nonsense(String what, Exception cause) {
        return new StageFailure(
                Blame.HOST,
                "the build host's answer about " + what + " makes no sense: " + cause.getMessage(),
                "A fresh host is tried by itself; if it stays so, look at the host's root.",
                cause);
    }

    static StageFailure failed(String what, int exitCode) {
        return new StageFailure(
                Blame.HOST,
                what + " failed on the build host (exit code " + exitCode + ")",
                "The log of this stage says why.");
    }
}
