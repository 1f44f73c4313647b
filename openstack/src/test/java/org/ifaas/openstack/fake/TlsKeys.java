package org.ifaas.openstack.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Of a server whose certificate an authority of its own has signed.
 *
 * @param sockets that show the certificate
 * @param authority its certificate, in PEM
 */
public record TlsKeys(ServerSocketFactory sockets, Path authority) {
    private static final String PASSWORD = "changeit";

    /** @param names of the server, as a certificate has them, such as {@code dns:cloud.example} */
    public static TlsKeys in(Path folder, String names)
            throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        var keys = folder.resolve("server.p12");
        var authority = folder.resolve("ca.pem");
        var made = List.of("-keyalg", "EC", "-dname", "CN=" + folder.getFileName());
        keytool(keys, made, "-genkeypair", "-alias", "ca", "-ext", "bc:c");
        keytool(keys, List.of(), "-exportcert", "-alias", "ca", "-rfc", "-file", authority.toString());
        keytool(keys, made, "-genkeypair", "-alias", "server", "-ext", "san=" + names, "-signer", "ca");
        keytool(keys, List.of(), "-delete", "-alias", "ca");
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new TlsKeys(context.getServerSocketFactory(), authority);
    }

    private static void keytool(Path keys, List<String> more, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(more);
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
