package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ifaas.store.sql.StoreFailure;

/**
 * Whom the server runs as. PostgreSQL refuses to run as root, so a root factory runs it in a user namespace, where it has no
 * rights but those of the files' owner; where user namespaces are switched off, as another user. The owner of an existing data
 * folder decides.
 *
 * @param prefix what comes before the program
 * @param owner who must own the data folder; -1 for whoever makes it
 */
record RunAs(List<String> prefix, int owner, int group) {
    private static final RunAs SELF = new RunAs(List.of(), -1, -1);
    private static final RunAs NAMESPACE = new RunAs(List.of("unshare", "-U", "--"), -1, -1);

    static RunAs choose(Path data) throws IOException {
        if (Folders.owner(Path.of("/proc/self")) != 0) {
            return SELF;
        }
        if (Files.exists(data)) {
            var owner = Folders.owner(data);
            return owner == 0 ? namespace() : user(owner, (Integer) Files.getAttribute(data, "unix:gid"));
        }
        return Command.run(Stream.concat(NAMESPACE.prefix.stream(), Stream.of("true"))
                                .toList())
                        .ok()
                ? NAMESPACE
                : otherUser();
    }

    private static RunAs namespace() throws IOException {
        var tried = Command.run(
                Stream.concat(NAMESPACE.prefix.stream(), Stream.of("true")).toList());
        if (!tried.ok()) {
            throw new StoreFailure(
                    "database",
                    "embedded",
                    "its data belongs to root, and PostgreSQL runs as root only in a user namespace, which this machine"
                            + " refuses: " + tried.output().strip(),
                    "Allow user namespaces (sysctl user.max_user_namespaces), or name a server of your own with"
                            + " --database.");
        }
        return NAMESPACE;
    }

    /** {@code postgres} where there is such a user, else {@code nobody}. */
    static RunAs otherUser() throws IOException {
        for (var name : List.of("postgres", "nobody")) {
            var id = Command.run(List.of("id", "-u", name));
            var group = Command.run(List.of("id", "-g", name));
            if (id.ok() && group.ok()) {
                return user(
                        Integer.parseInt(id.output().strip()),
                        Integer.parseInt(group.output().strip()));
            }
        }
        throw new StoreFailure(
                "database",
                "embedded",
                "PostgreSQL can't run as root, and there is no user postgres or nobody",
                "Run the factory as a user, or name a server of your own with --database.");
    }

    private static RunAs user(int uid, int gid) {
        return new RunAs(
                List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs", "--"),
                uid,
                gid);
    }

    List<String> argv(Path program, List<String> arguments) {
        return Stream.of(prefix.stream(), Stream.of(program.toString()), arguments.stream())
                .flatMap(part -> part)
                .toList();
    }

    /** Gives a new folder to whom the server runs as. */
    void give(Path folder) throws IOException {
        if (owner >= 0) {
            Files.setAttribute(folder, "unix:uid", owner);
            Files.setAttribute(folder, "unix:gid", group);
        }
    }

    /** @throws StoreFailure when the data belongs to somebody else than whom it runs as */
    void checkOwner(Path data) throws IOException {
        int runs = owner < 0 ? Folders.owner(Path.of("/proc/self")) : owner;
        if (Folders.owner(data) != runs) {
            throw new StoreFailure(
                    "database",
                    data.toString(),
                    "belongs to user " + Folders.owner(data) + ", and the factory runs as user " + runs,
                    "Run the factory as its owner, or give it the folder: chown -R " + runs + " '" + data + "'");
        }
    }

    /** @throws StoreFailure when whom it runs as can't get at the programs or the data */
    void check(Programs programs, Path data) throws IOException {
        if (owner < 0) {
            return;
        }
        for (var path : List.of(programs.program("postgres"), data)) {
            if (!Command.run(argv(Path.of("test"), List.of("-x", path.toString())))
                    .ok()) {
                throw new StoreFailure(
                        "database",
                        path.toString(),
                        "PostgreSQL can't run as root, user namespaces are off, and user " + owner
                                + " can't get at this path",
                        "Put the factory's home where every user may pass through (chmod o+x its parents), allow user"
                                + " namespaces, or name a server of your own with --database.");
            }
        }
    }
}
