package org.ifaas.api;

import java.time.Instant;

/**
 * What retention has removed of a build.
 *
 * @param what {@code artifacts} or {@code logs}
 * @param when it was decided
 * @param why the policy by which it went
 */
public record RemovedView(String what, Instant when, int files, long bytes, String why) {}
