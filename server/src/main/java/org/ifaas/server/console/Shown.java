package org.ifaas.server.console;

import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.StageState;

/**
 * A state as a page shows it: by a sign and a word, and by a colour for those who see it.
 *
 * @param look the style sheet's name for its colour
 */
public record Shown(String sign, String word, String look) {
    public static final Shown NONE = new Shown("·", "never built", "waiting");

    public static Shown of(BuildState state) {
        return switch (state) {
            case QUEUED -> new Shown("◌", "queued", "waiting");
            case RUNNING -> new Shown("▶", "running", "running");
            case SUCCEEDED -> new Shown("✔", "succeeded", "good");
            case UNCHANGED -> new Shown("=", "unchanged", "calm");
            case PARTIAL -> new Shown("◐", "partial", "bad");
            case FAILED -> new Shown("✖", "failed", "bad");
            case CANCELLED -> new Shown("■", "cancelled", "calm");
        };
    }

    public static Shown of(StageState state) {
        return switch (state) {
            case WAITING -> new Shown("·", "waiting", "waiting");
            case RUNNING -> new Shown("▶", "running", "running");
            case DONE -> new Shown("✔", "done", "good");
            case FAILED -> new Shown("✖", "failed", "bad");
            case SKIPPED -> new Shown("–", "skipped", "calm");
            case CANCELLED -> new Shown("■", "cancelled", "calm");
        };
    }
}
