package org.ifaas.factory.fact;

import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 3: the host is reachable over SSH with the key that was pinned.
 *
 * @param os such as {@code debian-12}, as the host says
 */
public record HostConnected(String os, String kernel, int cpus, long memoryMiB, long freeDiskMiB) implements Fact {}
