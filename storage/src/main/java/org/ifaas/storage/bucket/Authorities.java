package org.ifaas.storage.bucket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** Whose certificates the factory trusts: those of {@code handover.bucket.ca_file} alone, or what the JDK does. */
final class Authorities {
    private Authorities() {}

    /** Null for those of the JDK. The file is read for each use, so that it may be changed. */
    static @Nullable TrustManagerFactory in(@Nullable Path pem) throws StageFailure {
        if (pem == null) {
            return null;
        }
        try (var in = Files.newInputStream(pem)) {
            var known = KeyStore.getInstance(KeyStore.getDefaultType());
            known.load(null, null);
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                known.setCertificateEntry("ca" + number++, certificate);
            }
            if (number == 0) {
                throw new IOException("it holds no certificates in PEM");
            }
            var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(known);
            return trusted;
        } catch (IOException | GeneralSecurityException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "handover.bucket.ca_file: " + pem + " can't be used: " + e.getMessage(),
                    "Write the certificates that the store's rests on into that file, in PEM, and let the factory's account read it.",
                    e);
        }
    }

    static SSLContext context(@Nullable Path pem) throws StageFailure {
        try {
            var trusted = in(pem);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trusted == null ? null : trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    static boolean areToBlame(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }
}
