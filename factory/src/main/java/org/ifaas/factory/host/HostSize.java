package org.ifaas.factory.host;

/**
 * @param cpus virtual CPUs
 * @param memoryMiB memory limit, in MiB
 * @param diskGiB disk, in GiB
 */
public record HostSize(int cpus, int memoryMiB, int diskGiB) {}
