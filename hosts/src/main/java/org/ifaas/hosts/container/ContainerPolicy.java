package org.ifaas.hosts.container;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param start how long a host may take from its start to its SSH server's first answer
 * @param end how long the processes of a host may take to be gone after they have been killed
 * @param processes how many processes a host may have
 * @param cache a folder that all hosts share, read and write, at {@code /var/cache/ifaas}; null for none. Whoever may write
 *     there can change what other builds use: for trusted definitions, as all of this
 */
public record ContainerPolicy(
        Duration start,
        Duration end,
        int processes,
        @Nullable Path cache) {
    public static ContainerPolicy defaults() {
        return new ContainerPolicy(Duration.ofSeconds(90), Duration.ofSeconds(60), 16384, null);
    }

    public ContainerPolicy withCache(Path cache) {
        return new ContainerPolicy(start, end, processes, cache);
    }
}
