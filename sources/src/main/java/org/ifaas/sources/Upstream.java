package org.ifaas.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a mirror. Git gets what the configuration names, and nothing else: one protocol, one key, the server's key or
 * certificates; no agent, nobody's files in a home folder, no way to another host.
 */
final class Upstream {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final String OTHERWISE_THAN_ASKED =
            "Write the address that it leads to as the repository's url, if that is one to trust.";

    private final GitRepository repository;
    private final GitServers servers;

    Upstream(GitRepository repository, GitServers servers) {
        this.repository = repository;
        this.servers = servers;
    }

    /** What git has to know to ask it. */
    Map<String, String> environment() throws IOException {
        var protocol = repository.address().protocol();
        var environment = new TreeMap<String, String>();
        environment.put("GIT_ALLOW_PROTOCOL", protocol);
        switch (protocol) {
            case "ssh" -> environment.put("GIT_SSH_COMMAND", ssh());
            case "http", "https" -> configure(environment, http());
            default -> {}
        }
        return environment;
    }

    /** Read by a shell: no word of it has a character that means anything there. */
    private String ssh() throws IOException {
        var key = repository.access().key();
        var known = servers.knownHosts();
        if (key == null || known == null) {
            throw new IllegalStateException("an ssh repository was let in without key or known hosts");
        }
        demandPrivate("key_file", key);
        demandReadable("git.known_hosts_file", known);
        return String.join(
                " ",
                "ssh",
                "-F /dev/null",
                "-o BatchMode=yes",
                "-o IdentitiesOnly=yes",
                "-o IdentityAgent=none",
                "-o IdentityFile=" + key,
                "-o UserKnownHostsFile=" + known,
                "-o GlobalKnownHostsFile=/dev/null",
                "-o StrictHostKeyChecking=yes",
                "-o UpdateHostKeys=no",
                "-o PreferredAuthentications=publickey",
                "-o ClearAllForwardings=yes",
                "-o ConnectTimeout=20",
                "-o ServerAliveInterval=15",
                "-o LogLevel=ERROR");
    }

    private Map<String, String> http() throws IOException {
        var configuration = new LinkedHashMap<String, String>();
        configuration.put("http.followRedirects", "false");
        configuration.put("http.sslVerify", "true");
        var authorities = servers.authorities();
        if (authorities != null) {
            demandReadable("git.ca_file", authorities);
            configuration.put("http.sslCAInfo", authorities.toString());
        }
        var token = repository.access().token();
        if (token != null) {
            var login = repository.access().tokenUser() + ":" + token(token);
            configuration.put(
                    "http." + repository.url() + ".extraHeader",
                    "Authorization: Basic "
                            + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.US_ASCII)));
        }
        return configuration;
    }

    /** Not as arguments, which everybody on this machine can see. */
    private static void configure(Map<String, String> environment, Map<String, String> configuration) {
        int count = 0;
        for (var entry : configuration.entrySet()) {
            environment.put("GIT_CONFIG_KEY_" + count, entry.getKey());
            environment.put("GIT_CONFIG_VALUE_" + count++, entry.getValue());
        }
        environment.put("GIT_CONFIG_COUNT", Integer.toString(count));
    }

    /** Read anew each time, so that it can be replaced. */
    private static String token(Path file) throws IOException {
        demandPrivate("token_file", file);
        var lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        var token = lines.isEmpty() ? "" : lines.getFirst().strip();
        if (!token.matches("[!-~]{1,4096}")) {
            throw new NotFetched(
                    "the first line of token_file " + file + " is no token",
                    "Write the token into that file's first line.");
        }
        return token;
    }

    private static void demandPrivate(String field, Path file) throws IOException {
        demandReadable(field, file);
        var permissions = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(permissions)) {
            throw new NotFetched(
                    "%s %s is open to others (%s)".formatted(field, file, PosixFilePermissions.toString(permissions)),
                    "chmod 600 " + file);
        }
    }

    private static void demandReadable(String field, Path file) throws NotFetched {
        try (var in = Files.newInputStream(file)) {
            if (in.read() >= 0) {
                return;
            }
        } catch (NoSuchFileException e) {
            throw new NotFetched(field + ": there is no file " + file, "Put it there, or correct " + field + ".");
        } catch (IOException e) {
            throw new NotFetched(
                    field + " " + file + " can't be read: " + e.getMessage(), "Let the factory's account read it.");
        }
        throw new NotFetched(
                field + " " + file + " is empty", "Put there what it should have, or correct " + field + ".");
    }

    /** What is wrong, as far as git and what it has called say so. */
    IOException failure(List<String> arguments, Program.Output output) {
        var said = output.error();
        if (said.contains("couldn't find remote ref HEAD")) {
            return new NotFetched("it has no commit yet", "Commit an image definition there.");
        }
        var access = repository.access();
        return switch (repository.address().protocol()) {
            case "ssh" -> ssh(said, Git.failure(arguments, output), access.key());
            case "http", "https" -> http(said, Git.failure(arguments, output), access.token());
            default -> new IOException(Git.failure(arguments, output));
        };
    }

    private IOException ssh(String said, String failure, @Nullable Path key) {
        if (said.contains("Host key verification failed")) {
            return new NotFetched(
                    "its server's key is not the one of git.known_hosts_file " + servers.knownHosts(),
                    "Ask who runs the server for its key, and put that line there; ssh-keyscan prints what the server itself says.");
        }
        if (said.contains("Permission denied")) {
            return new NotFetched(
                    "its server does not take key_file " + key,
                    "Make its public half, which 'ssh-keygen -y -f " + key
                            + "' prints, a deploy key of the repository. A passphrase it can't have.");
        }
        if (said.contains("cannot run ssh")) {
            return new NotFetched("there is no program ssh", "apt-get install openssh-client");
        }
        return new IOException(failure);
    }

    private IOException http(String said, String failure, @Nullable Path token) {
        if (said.matches("(?s).*returned error: 30[1278].*")) {
            return new NotFetched("its server leads elsewhere: " + failure, OTHERWISE_THAN_ASKED);
        }
        if (said.contains("certificate")) {
            return new NotFetched(
                    "its server's certificate is not known: " + failure,
                    servers.authorities() == null
                            ? "Name the certificates that it rests on as git.ca_file."
                            : "See that git.ca_file " + servers.authorities() + " has those that it rests on.");
        }
        if (said.matches("(?s).*(returned error: 40[13]|Authentication failed|could not read (Username|Password)).*")) {
            return new NotFetched(
                    token == null
                            ? "it is not for everybody"
                            : "its server does not take the token of token_file " + token,
                    "Give the repository a token_file with a token that may read it.");
        }
        return new IOException(failure);
    }
}
