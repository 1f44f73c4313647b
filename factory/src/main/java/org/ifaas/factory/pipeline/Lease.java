package org.ifaas.factory.pipeline;

/**
 * The right to carry a build on. Whoever takes a build over raises its epoch; every write to the journal carries the
 * epoch and is refused when it is not the newest.
 */
public record Lease(BuildId build, long epoch) {}
