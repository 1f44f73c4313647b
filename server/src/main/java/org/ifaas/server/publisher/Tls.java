package org.ifaas.server.publisher;

import com.unboundid.util.ssl.cert.CertException;
import com.unboundid.util.ssl.cert.PKCS8PEMFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a publisher's connections trust, and who it is itself. */
final class Tls {
    private static final char[] NONE = {};

    private Tls() {}

    /** @throws IOException when a file can't be used */
    static SSLContext context(FactoryAddress address) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(own(address.certificate(), address.key()), trusted(address.authorities()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS can't be had: " + e.getMessage(), e);
        }
    }

    /** Null for those of the JDK. */
    private static TrustManager @Nullable [] trusted(@Nullable Path file) throws IOException, GeneralSecurityException {
        if (file == null) {
            return null;
        }
        var store = empty();
        int number = 0;
        for (var certificate : certificates(file)) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] own(@Nullable Path certificate, @Nullable Path key)
            throws IOException, GeneralSecurityException {
        if (certificate == null || key == null) {
            return null;
        }
        var store = empty();
        try (var reader = new PKCS8PEMFileReader(key.toFile())) {
            var secret = reader.readPrivateKey();
            if (secret == null) {
                throw new IOException(key + " holds no private key");
            }
            store.setKeyEntry(
                    "own",
                    secret.toPrivateKey(),
                    NONE,
                    certificates(certificate).toArray(Certificate[]::new));
        } catch (CertException | GeneralSecurityException e) {
            throw new IOException(key + " holds no private key in PEM, without a passphrase: " + e.getMessage(), e);
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NONE);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificates in PEM: " + e.getMessage(), e);
        }
        throw new IOException(file + " holds no certificates in PEM");
    }
}
