package org.ifaas.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ifaas.store.TestServer;

/**
 * Debian's exim4, unpacked under target/ and run from there on loopback, stopped by its process. It takes mail for example.org from
 * whoever logs in over TLS, into one folder.
 */
final class Exim implements AutoCloseable {
    static final String USER = "ifaas";
    static final String PASSWORD = "a password of the tests";

    /** Whom it is when root starts it; otherwise it stays who it is. */
    private static final int NOBODY = 65534;

    private final Path folder;
    private final Path program;
    private final String libraries;
    private final Path wrapper;
    private final int port = freePort();
    private final Certificate certificate;
    private Process process;

    /** @param folder that everybody can pass through */
    Exim(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        this.folder = Files.createDirectories(folder);
        var exim = unpacked("exim4-daemon-light");
        program = exim.getFirst().resolve("usr/sbin/exim4");
        libraries = exim.getLast().toString();
        wrapper = unpacked("libnss-wrapper").getLast().resolve("libnss_wrapper.so");
        certificate = Certificate.in(folder);
        for (var own : List.of("spool", "log", "mail")) {
            Files.createDirectory(folder.resolve(own));
        }
        Files.writeString(folder.resolve("configuration"), """
                exim_path = %1$s
                spool_directory = %2$s/spool
                log_file_path = %2$s/log/%%slog
                pid_file_path = %2$s/spool/pid
                primary_hostname = localhost
                deliver_drop_privilege = true
                keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
                tls_advertise_hosts = *
                tls_certificate = %3$s
                tls_privatekey = %4$s
                acl_smtp_rcpt = recipient
                begin acl
                recipient:
                  require encrypted = *
                  require authenticated = *
                  accept domains = example.org
                  deny
                begin routers
                all:
                  driver = accept
                  transport = box
                begin transports
                box:
                  driver = appendfile
                  directory = %2$s/mail
                  maildir_format
                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  server_prompts = :
                  server_condition = ${if and{{eq{$auth2}{%5$s}}{eq{$auth3}{%6$s}}}}
                  server_advertise_condition = ${if def:tls_in_cipher}
                """.formatted(
                        program, folder, certificate.certificate(), certificate.key(), USER, PASSWORD));
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        int exims = uid == 0 ? NOBODY : uid;
        Files.writeString(folder.resolve("passwd"), """
                root:x:0:0::/:/bin/sh
                Debian-exim:x:%1$d:%1$d::/:/bin/false
                """.formatted(exims));
        Files.writeString(folder.resolve("group"), "root:x:0:\nDebian-exim:x:%d:\n".formatted(exims));
        if (uid == 0) {
            for (var own : List.of("spool", "log", "mail", "key.pem")) {
                Files.setAttribute(folder.resolve(own), "unix:uid", NOBODY);
                Files.setAttribute(folder.resolve(own), "unix:gid", NOBODY);
            }
        }
        start();
    }

    /** Root and libraries. */
    private static List<Path> unpacked(String debianPackage) throws IOException {
        var script = Path.of(URI.create(Objects.requireNonNull(TestServer.class.getResource("/debian-package.sh"))
                .toString()));
        var started = new ProcessBuilder(
                        "sh",
                        script.toString(),
                        script.getParent().resolveSibling(debianPackage).toString(),
                        debianPackage)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var lines = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(Path::of)
                .toList();
        if (started.onExit().join().exitValue() != 0) {
            throw new IOException("no " + debianPackage);
        }
        return lines.subList(lines.size() - 2, lines.size());
    }

    int port() {
        return port;
    }

    Path certificate() {
        return certificate.certificate();
    }

    void start() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        program.toString(),
                        "-C",
                        folder.resolve("configuration").toString(),
                        "-bdf",
                        "-oX",
                        "127.0.0.1." + port)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()));
        var environment = builder.environment();
        environment.put("LD_LIBRARY_PATH", libraries);
        environment.put("LD_PRELOAD", wrapper.toString());
        environment.put("NSS_WRAPPER_PASSWD", folder.resolve("passwd").toString());
        environment.put("NSS_WRAPPER_GROUP", folder.resolve("group").toString());
        process = builder.start();
        while (process.isAlive() && !answers()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (!process.isAlive()) {
            throw new IOException("exim4 ended: " + Files.readString(folder.resolve("out")));
        }
    }

    /** The mails that have arrived, whole. */
    List<String> mails() {
        var fresh = folder.resolve("mail/new");
        if (!Files.isDirectory(fresh)) {
            return List.of();
        }
        try (var files = Files.list(fresh)) {
            return files.sorted().map(Exim::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == '2';
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
