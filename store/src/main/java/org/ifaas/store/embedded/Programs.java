package org.ifaas.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import org.ifaas.store.sql.StoreFailure;
import org.tukaani.xz.XZInputStream;

/** The server's programs, unpacked from the class path. */
record Programs(String version, Path folder) {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    /** The major version of every data folder that these programs can open. */
    static final int MAJOR = 18;

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /**
     * For initdb, which puts the path of the programs between double quotes into commands for a shell: where that path would be read
     * as something else, they are unpacked once more for the time being, into the folder for temporary files.
     */
    void whereAShellReadsThem(Use use) throws IOException {
        if (folder.toString().chars().noneMatch(each -> "$`\"\\".indexOf(each) >= 0)) {
            use.of(this);
            return;
        }
        var temporary = Files.createTempDirectory("ifaas-postgresql-");
        try {
            // Another user may have to run them.
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
            use.of(unpack(temporary));
        } finally {
            Folders.delete(temporary);
        }
    }

    /** What is done with programs. */
    interface Use {
        void of(Programs programs) throws IOException;
    }

    /** As {@link #unpack} has left them. */
    static Programs there(Path under) {
        return new Programs(shipped(), under.resolve(shipped()));
    }

    /**
     * Which version the server's program says it is.
     *
     * @throws StoreFailure when it can't be run
     */
    String answer(RunAs as) throws IOException {
        var program = program("postgres");
        var said = Files.isExecutable(program)
                ? Command.run(as.argv(program, List.of("-V")))
                : new Command(1, "it is not there");
        if (!said.ok()) {
            throw new StoreFailure(
                    "database",
                    program.toString(),
                    "can't be run: " + said.output().strip(),
                    "Move " + folder + " away: the next start of the factory unpacks it anew.");
        }
        return said.output().strip();
    }

    /** Unpacks them where that has not been done yet; several factories may do so at once. */
    static Programs unpack(Path under) {
        var version = shipped();
        var folder = under.resolve(version);
        try {
            if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
                Files.createDirectories(under);
                var unpacked = Files.createTempDirectory(under, version + ".new-");
                try {
                    unpackInto(unpacked);
                    Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileSystemException e) {
                    // Another factory was faster.
                    if (!Files.isExecutable(folder.resolve("bin/postgres"))) {
                        throw e;
                    }
                } finally {
                    Folders.delete(unpacked);
                }
            }
            return new Programs(version, folder.toRealPath());
        } catch (IOException e) {
            throw new StoreFailure(
                    "database",
                    under.toString(),
                    "the server's programs can't be unpacked there: " + e,
                    "Make the folder writable and see that 70 MB are free.",
                    e);
        }
    }

    private static void unpackInto(Path folder) throws IOException {
        try (var archive = Programs.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new StoreFailure(
                        "database",
                        "embedded",
                        "there is no embedded PostgreSQL for this kind of machine",
                        "Name a PostgreSQL server of your own with --database.");
            }
            // GNU tar is part of every system that can run these programs, and knows all forms of links and names.
            var tar = new ProcessBuilder("tar", "-x", "-f", "-", "--no-same-owner", "-C", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var to = tar.getOutputStream();
                    var tarball = new XZInputStream(archive)) {
                tarball.transferTo(to);
            }
            if (Wait.uninterruptibly(tar) != 0) {
                throw new IOException("tar ended with " + tar.exitValue());
            }
            // Another user may have to run them.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static String shipped() {
        try (var in = Programs.class.getResourceAsStream("server.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
