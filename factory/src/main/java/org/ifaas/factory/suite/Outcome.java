package org.ifaas.factory.suite;

/** How one test point ended. */
public sealed interface Outcome {
    record Passed() implements Outcome {}

    /** @param why what was found, for people; may have several lines */
    record Failed(String why) implements Outcome {}

    /** Not tried. */
    record Skipped(String reason) implements Outcome {}

    /** TAP's TODO: failed, and is not to fail the build. */
    record Warned(String reason) implements Outcome {}
}
