package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How builds are carried.
 *
 * @param attempts how many a build has when its host or a cloud fails
 * @param pause before the second attempt; doubled before each further one
 * @param limits the most each stage may take
 * @param grace how long a stage may take to stop when it is told to
 * @param check how often the lease is checked and a cancel request noticed
 */
public record Policy(int attempts, Duration pause, Map<StageName, Duration> limits, Duration grace, Duration check) {

    public static Policy defaults() {
        var limits = new EnumMap<StageName, Duration>(StageName.class);
        for (var stage : StageName.values()) {
            limits.put(stage, Duration.ofMinutes(10));
        }
        limits.put(StageName.SPAWN_BUILD_HOST, Duration.ofMinutes(30));
        limits.put(StageName.CONNECT_BUILD_HOST, Duration.ofMinutes(15));
        limits.put(StageName.CONFIGURE_BUILD_HOST, Duration.ofMinutes(30));
        limits.put(StageName.BUILD_IMAGE, Duration.ofHours(2));
        // An upload that stands still is given up long before.
        limits.put(StageName.REGISTER_PRIVATE_IMAGE, Duration.ofHours(6));
        limits.put(StageName.TEST_IMAGE, Duration.ofHours(1));
        limits.put(StageName.SIGN_IMAGE, Duration.ofMinutes(30));
        limits.put(StageName.HASH_IMAGE, Duration.ofMinutes(30));
        limits.put(StageName.COPY_TO_REGIONS, Duration.ofHours(6));
        return new Policy(3, Duration.ofSeconds(10), limits, Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    /** Whether an attempt that ends so is followed by another. */
    boolean triesAgain(int attempt, Outcome outcome) {
        return outcome.retriable() && attempt < attempts;
    }

    /** Before the attempt that follows this one. */
    Duration pause(int attempt) {
        return pause.multipliedBy(1L << (attempt - 1));
    }

    public Duration limit(StageName stage) {
        return limits.getOrDefault(stage, Duration.ofMinutes(10));
    }
}
