package org.ifaas.release.openpgp;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.ifaas.factory.signing.Signer;

/** A release key that was checked and unlocked. */
record ReleaseKey(Signer.Key described, PGPPublicKey signing, PGPPrivateKey secret, CipherParameters parameters) {
    /**
     * @param sha256 its state after the content to be signed; ended by this
     * @return a detached signature, armored
     */
    byte[] sign(MessageDigest sha256, Instant now) throws IOException {
        var generator = new PGPSignatureGenerator(
                (type, key) -> new DigestContentSigner(sha256, key, parameters, type), signing, signing.getVersion());
        var hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(false, Date.from(now));
        hashed.setIssuerFingerprint(false, signing);
        var unhashed = new PGPSignatureSubpacketGenerator();
        unhashed.setIssuerKeyID(false, signing.getKeyID());
        try {
            generator.init(PGPSignature.BINARY_DOCUMENT, secret);
            generator.setHashedSubpackets(hashed.generate());
            generator.setUnhashedSubpackets(unhashed.generate());
            return Armor.of(generator.generate().getEncoded());
        } catch (PGPException failed) {
            throw new IOException("signing by " + described.fingerprint() + " failed: " + failed.getMessage(), failed);
        }
    }
}
