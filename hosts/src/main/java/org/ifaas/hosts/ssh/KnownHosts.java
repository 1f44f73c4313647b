package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.SshKey;
import org.jspecify.annotations.Nullable;

/**
 * A {@code known_hosts} file for one machine, beside the key that opens it: for people's own {@code ssh}, and so that a
 * key pinned at the first connection stays pinned when the factory restarts. Its comment says which machine of that name
 * it was, since a machine may be made again under its old name.
 */
record KnownHosts(BuildHost host, SshKey userKey) {
    Path file() {
        return userKey.privateKey().toAbsolutePath().resolveSibling("known_hosts." + host.name());
    }

    @Nullable
    String pinned() {
        try {
            var line = Files.exists(file()) ? Files.readString(file()).strip() : "";
            var words = line.split(" ");
            return words.length == 4 && words[3].equals(comment()) ? words[1] + " " + words[2] : null;
        } catch (IOException e) {
            return null;
        }
    }

    void write(String key) throws IOException {
        var line = address() + " " + key + " " + comment() + "\n";
        if (!Files.exists(file()) || !Files.readString(file()).equals(line)) {
            OpenSshKeys.write(file(), line.getBytes(StandardCharsets.UTF_8), "rw-------");
        }
    }

    String commandLine() {
        return "ssh -i "
                + ShellWords.shown(userKey.privateKey().toAbsolutePath().toString())
                + " -p " + host.port()
                + " -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile="
                + ShellWords.shown(file().toString())
                + " " + ShellWords.shown(host.user() + "@" + host.address());
    }

    private String address() {
        return host.port() == 22 ? host.address() : "[" + host.address() + "]:" + host.port();
    }

    private String comment() {
        return "spawned-" + host.spawned();
    }
}
