package org.ifaas.sources;

import java.time.Duration;

/**
 * @param fetchLimit the most a fetch may take
 * @param commandLimit the most any other command may take
 * @param fresh how old what is known of a repository may be when definitions are listed; a build always asks
 * @param mostFileBytes the largest file that is read from a definition
 * @param mostBundleBytes the largest bundle
 * @param servers from which of them repositories may come
 */
public record GitPolicy(
        Duration fetchLimit,
        Duration commandLimit,
        Duration fresh,
        long mostFileBytes,
        long mostBundleBytes,
        GitServers servers) {
    public static GitPolicy defaults() {
        return new GitPolicy(
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                16L << 20,
                2L << 30,
                GitServers.defaults());
    }
}
