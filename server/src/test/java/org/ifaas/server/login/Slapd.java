package org.ifaas.server.login;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Debian's slapd, unpacked under target/ and run from there on loopback with a certificate of its own, stopped by its process. */
public final class Slapd implements AutoCloseable {
    private static final String STORE_PASSWORD = "a password of the tests";

    /** Anna is of the Image Team, Bert of that and the releases, Carl of none, though he has taken the name of a member of a POSIX group. */
    private static final String PEOPLE = """
            dn: dc=example,dc=org
            objectClass: dcObject
            objectClass: organization
            dc: example
            o: Example

            dn: cn=factory,dc=example,dc=org
            objectClass: applicationProcess
            objectClass: simpleSecurityObject
            cn: factory
            userPassword: factory's own

            dn: ou=people,dc=example,dc=org
            objectClass: organizationalUnit
            ou: people

            dn: uid=anna,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: anna
            cn: Anna
            sn: Example
            userPassword: anna's

            dn: uid=bert,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: bert
            cn: Bert
            sn: Example
            mail: Bert.B@Example.org
            mail: bb@example.net
            userPassword: bert's

            dn: uid=carl,ou=people,dc=example,dc=org
            objectClass: inetOrgPerson
            uid: carl
            cn: Carl
            cn: dora
            sn: Example
            userPassword: carl's

            dn: ou=groups,dc=example,dc=org
            objectClass: organizationalUnit
            ou: groups

            dn: cn=Image Team,ou=groups,dc=example,dc=org
            objectClass: groupOfNames
            cn: Image Team
            member: uid=anna,ou=people,dc=example,dc=org
            member: uid=bert,ou=people,dc=example,dc=org

            dn: cn=releases,ou=groups,dc=example,dc=org
            objectClass: groupOfNames
            cn: releases
            member: uid=bert,ou=people,dc=example,dc=org

            dn: cn=viewers,ou=groups,dc=example,dc=org
            objectClass: posixGroup
            cn: viewers
            gidNumber: 1000
            memberUid: anna
            memberUid: dora
            """;

    private final Path folder;
    private final Path root;
    private final String libraries;
    private final int port = freePort();
    private final int encryptedPort = freePort();
    private Process process;

    public Slapd(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        this.folder = folder;
        var script = Path.of(URI.create(Objects.requireNonNull(Slapd.class.getResource("/debian-package.sh"))
                .toString()));
        var unpacked = script.getParent().resolveSibling("slapd");
        var lines = run("", List.of("sh", script.toString(), unpacked.toString(), "slapd"))
                .lines()
                .toList();
        root = Path.of(lines.get(lines.size() - 2));
        libraries = lines.getLast();
        certificate();
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("slapd.conf"), """
                include %1$s/etc/ldap/schema/core.schema
                include %1$s/etc/ldap/schema/cosine.schema
                include %1$s/etc/ldap/schema/inetorgperson.schema
                include %1$s/etc/ldap/schema/nis.schema
                modulepath %1$s/usr/lib/ldap
                moduleload back_mdb
                pidfile %2$s/pid
                TLSCACertificateFile %2$s/certificate.pem
                TLSCertificateFile %2$s/certificate.pem
                TLSCertificateKeyFile %2$s/key.pem
                database mdb
                suffix "dc=example,dc=org"
                rootdn "cn=admin,dc=example,dc=org"
                directory %2$s/data
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn.exact="cn=factory,dc=example,dc=org" read by * none
                """.formatted(root, folder));
        var ldif = Files.writeString(folder.resolve("people.ldif"), PEOPLE);
        run(
                libraries,
                List.of(
                        root.resolve("usr/sbin/slapd").toString(),
                        "-Ta",
                        "-f",
                        folder.resolve("slapd.conf").toString(),
                        "-l",
                        ldif.toString()));
        start();
    }

    public URI plain() {
        return URI.create("ldap://localhost:" + port);
    }

    public URI encrypted() {
        return URI.create("ldaps://localhost:" + encryptedPort);
    }

    public Path certificatePem() {
        return folder.resolve("certificate.pem");
    }

    public void start() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        root.resolve("usr/sbin/slapd").toString(),
                        "-f",
                        folder.resolve("slapd.conf").toString(),
                        "-h",
                        "ldap://127.0.0.1:" + port + " ldaps://127.0.0.1:" + encryptedPort,
                        "-d",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("LD_LIBRARY_PATH", libraries);
        process = builder.start();
        while (process.isAlive() && !answers()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (!process.isAlive()) {
            throw new IOException("slapd ended: " + Files.readString(folder.resolve("log")));
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), encryptedPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void certificate() throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("store.p12");
        run(
                "",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-alias",
                        "slapd",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-ext",
                        "bc=ca:true",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD));
        var keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
        pem("certificate.pem", "CERTIFICATE", keys.getCertificate("slapd").getEncoded());
        pem(
                "key.pem",
                "PRIVATE KEY",
                keys.getKey("slapd", STORE_PASSWORD.toCharArray()).getEncoded());
    }

    private void pem(String file, String what, byte[] content) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                folder.resolve(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what));
    }

    private static String run(String libraries, List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", libraries);
        var started = builder.start();
        started.getOutputStream().close();
        var said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (started.waitFor() != 0) {
            throw new IOException(command + " ended with " + started.exitValue() + ": " + said);
        }
        return said;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
