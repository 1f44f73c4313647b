package org.ifaas.sources;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From which servers repositories may be fetched, and how those are known. Folders on this machine are no servers.
 *
 * @param hosts their names; empty for those that the configuration's repositories have
 * @param protocols how they may be spoken to
 * @param knownHosts file with the keys of those of ssh, one a line, as {@code ssh-keyscan} prints them
 * @param authorities certificates in PEM that those of https rest on; null for those that this machine knows
 */
public record GitServers(
        Set<String> hosts,
        Set<String> protocols,
        @Nullable Path knownHosts,
        @Nullable Path authorities) {
    public static final Set<String> ALL_PROTOCOLS = Set.of("git", "http", "https", "ssh");

    /** @throws IllegalArgumentException with a text for the operator */
    public GitServers {
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        protocols = Set.copyOf(protocols);
        for (var file : new Path[] {knownHosts, authorities}) {
            if (!GitAccess.isPlain(file)) {
                throw new IllegalArgumentException(
                        file + " is no absolute path of letters, digits and any of . _ + @ = -");
            }
        }
    }

    public static GitServers defaults() {
        return new GitServers(Set.of(), Set.of("https", "ssh"), null, null);
    }

    /** @throws IllegalArgumentException with a text for the operator, when it is on none of them */
    public void admit(GitRepository repository) {
        var address = repository.address();
        if (address.protocol().equals(GitAddress.FILE)) {
            return;
        }
        if (!protocols.contains(address.protocol())) {
            throw refused(repository, "whose protocol is none of git.protocols, " + new TreeSet<>(protocols));
        }
        if (!hosts.isEmpty() && !hosts.contains(address.host())) {
            throw refused(repository, "whose host is none of git.hosts, " + new TreeSet<>(hosts));
        }
        if (address.protocol().equals("ssh") && knownHosts == null) {
            throw refused(
                    repository, "of a server whose key nobody has said: name a file with it as git.known_hosts_file");
        }
    }

    private static IllegalArgumentException refused(GitRepository repository, String why) {
        return new IllegalArgumentException(
                "the url of a repository is “" + Problem.shown(Git.redacted(repository.url())) + "”, " + why);
    }
}
