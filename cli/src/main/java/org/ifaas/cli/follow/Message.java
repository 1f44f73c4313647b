package org.ifaas.cli.follow;

import org.ifaas.api.BuildView;
import org.ifaas.cli.Stop;

/** What reaches the one thread that shows builds. */
sealed interface Message {
    /** @param json the event as the factory sent it */
    record Changed(BuildView build, String json) implements Message {}

    /** The factory went away, or came back. */
    record Noted(String sentence) implements Message {}

    /** A build can't be followed any more. */
    record Broken(Stop stop) implements Message {}

    /** Ctrl-C. */
    record Interrupted() implements Message {}

    /** What the user answered; empty at the end of the input. */
    record Answered(String line) implements Message {}
}
