package org.ifaas.storage.bucket;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Of a server whose certificate an authority of its own has signed.
 *
 * @param keys the server's, in a key store
 * @param authority its certificate, in PEM
 */
public record TlsKeys(Path keys, Path authority) {
    static final String PASSWORD = "changeit";

    /** @param address of the server */
    public static TlsKeys in(Path folder, String address) throws IOException, InterruptedException {
        var made = new TlsKeys(folder.resolve("server.p12"), folder.resolve("ca.pem"));
        made.keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Authority", "-ext", "bc:c");
        made.keytool("-exportcert", "-alias", "ca", "-rfc", "-file", made.authority.toString());
        made.keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=Store",
                "-ext",
                "san=ip:" + address,
                "-signer",
                "ca");
        made.keytool("-delete", "-alias", "ca");
        return made;
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(List.of("-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
