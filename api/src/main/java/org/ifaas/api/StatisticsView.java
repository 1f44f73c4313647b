package org.ifaas.api;

import java.time.Instant;
import java.util.List;

/**
 * How builds went since a time. Durations are in seconds, of what ended well; 0 where nothing did.
 *
 * @param images by name
 * @param stages by image, then in the pipeline's order
 * @param blame the most frequent first
 * @param weeks oldest first
 * @param hosts oldest week first
 * @param stageWeeks oldest first, then by image and in the pipeline's order
 */
public record StatisticsView(
        Instant since,
        List<Image> images,
        List<Stage> stages,
        List<Blame> blame,
        List<Week> weeks,
        List<Hosts> hosts,
        List<StageWeek> stageWeeks) {
    /**
     * @param good those that succeeded or had nothing to do
     * @param successRate of those that were not cancelled, from 0 to 1
     * @param waitP50 how long a build waited in the queue
     * @param slowestStage the stage with the longest median; empty where none has ended well
     */
    public record Image(
            String image,
            int builds,
            int good,
            int failed,
            double successRate,
            double p50,
            double p95,
            double waitP50,
            double waitP95,
            String slowestStage) {}

    /** Runs of one stage for one image, of all attempts. */
    public record Stage(
            String image, int number, String stage, int runs, int failed, double successRate, double p50, double p95) {}

    /**
     * Runs of one stage for one image that began in one week.
     *
     * @param week its Monday, 00:00 UTC
     */
    public record StageWeek(String image, String stage, Instant week, int runs, int failed, double p50) {}

    /** @param blame {@code REQUEST}, {@code IMAGE}, {@code HOST}, {@code CLOUD} or {@code FACTORY} */
    public record Blame(String image, String stage, String blame, int count) {}

    /**
     * Build hosts that builds of an image had.
     *
     * @param week its Monday, 00:00 UTC, in which they were spawned
     * @param hours that they were there, up to now
     */
    public record Hosts(String image, String kind, Instant week, int hosts, double hours) {}

    /** @param week its Monday, 00:00 UTC */
    public record Week(String image, Instant week, int builds, int good, int failed, double p50) {}
}
