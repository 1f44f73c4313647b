package org.ifaas.factory.stage;

import java.time.Duration;

/**
 * What build hosts and test instances are given.
 *
 * @param os operating system of build hosts
 * @param cpus virtual CPUs of a build host
 * @param memoryMiB memory of a build host, in MiB
 * @param diskGiB disk of a build host beyond three times the image's, in GiB
 * @param sshPatience how long a build host may take to its first SSH login
 * @param instanceCpus virtual CPUs of a test instance
 */
public record HostPolicy(HostOs os, int cpus, int memoryMiB, int diskGiB, Duration sshPatience, int instanceCpus) {

    /** @param name such as {@code debian-12} */
    public record HostOs(String name, String distro, String codename) {}

    public static HostPolicy defaults() {
        return new HostPolicy(
                new HostOs("debian-12", "debian", "bookworm"),
                Runtime.getRuntime().availableProcessors(),
                4096,
                8,
                Duration.ofMinutes(12),
                2);
    }
}
