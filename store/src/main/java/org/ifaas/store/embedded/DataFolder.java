package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.ifaas.store.sql.StoreFailure;

/**
 * The embedded server's data, made on first use: durable, with checksums, and closed to everybody who has not the generated
 * password. Nobody can log in as its superuser.
 */
final class DataFolder {
    static final String NAME = "ifaas";
    private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("----w-rwx");
    private static final String ACCESS = """
            # type  database  user   address        method
            host    ifaas     ifaas  127.0.0.1/32   scram-sha-256
            """;

    private DataFolder() {}

    /** Makes it, or checks that these programs can open it. */
    static void prepare(Path data, Programs programs, RunAs as, String password) throws IOException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            check(data, programs, as);
            return;
        }
        // Renamed when it is whole: what a crash leaves half-made is made anew.
        var fresh = data.resolveSibling(data.getFileName() + ".new");
        Folders.delete(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        as.give(fresh);
        as.check(programs, fresh);
        programs.whereAShellReadsThem(plain -> {
            as.check(plain, fresh);
            run(
                    as.argv(
                            plain.program("initdb"),
                            List.of(
                                    "-D",
                                    fresh.toString(),
                                    "--username=postgres",
                                    "--auth=reject",
                                    "--encoding=UTF8",
                                    "--locale=C",
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8",
                                    "--data-checksums",
                                    "--no-instructions")),
                    "");
        });
        // Iterations slow down who guesses passwords; nobody guesses 192 random bits, and every connection pays for
        // them.
        run(
                as.argv(
                        programs.program("postgres"),
                        List.of(
                                "--single",
                                "-D",
                                fresh.toString(),
                                "-c",
                                "log_min_messages=warning",
                                "-c",
                                "scram_iterations=1",
                                "postgres")),
                "create role " + NAME + " login password '" + password + "'\n" + "create database " + NAME + " owner "
                        + NAME + "\n");
        Files.writeString(fresh.resolve("pg_hba.conf"), ACCESS);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** @throws StoreFailure when these programs, run so, can't open it */
    static void check(Path data, Programs programs, RunAs as) throws IOException {
        if (Files.notExists(data.resolve("PG_VERSION"))) {
            throw new StoreFailure(
                    "database",
                    data.toString(),
                    "is not the data folder of a PostgreSQL any more",
                    "Stop the factory, move the folder away, and run 'ifaas restore' with the newest backup.");
        }
        checkVersion(data);
        as.checkOwner(data);
        if (Files.getPosixFilePermissions(data).stream().anyMatch(OPEN::contains)) {
            throw new StoreFailure(
                    "database",
                    data.toString(),
                    "can be entered by others than its owner, and PostgreSQL refuses such",
                    "chmod 700 '" + data + "'");
        }
        as.check(programs, data);
    }

    private static void checkVersion(Path data) throws IOException {
        var version = Files.readString(data.resolve("PG_VERSION")).strip();
        if (!version.equals(Integer.toString(Programs.MAJOR))) {
            throw new StoreFailure(
                    "database",
                    data.toString(),
                    "was written by PostgreSQL " + version + ", and this factory brings PostgreSQL " + Programs.MAJOR,
                    "Run 'ifaas backup' with the release that wrote it, move the folder away, and run 'ifaas restore'"
                            + " with this one.");
        }
    }

    private static void run(List<String> argv, String input) throws IOException {
        var command = Command.run(argv, input);
        if (!command.ok() || command.output().contains("ERROR:")) {
            throw new StoreFailure(
                    "database",
                    "embedded",
                    "could not be made: " + command.output().strip(),
                    "See that the disk is not full and that the folder is on a file system with permissions.");
        }
    }

    /** The password of the role {@code ifaas}, made on first use. */
    static String password(Path file) throws IOException {
        if (Files.notExists(file)) {
            var random = new byte[24];
            new SecureRandom().nextBytes(random);
            var fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, Base64.getUrlEncoder().encodeToString(random));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }
}
