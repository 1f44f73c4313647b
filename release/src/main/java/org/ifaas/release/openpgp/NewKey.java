package org.ifaas.release.openpgp;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;
import org.jspecify.annotations.Nullable;

/** A fresh release key: version 4, Ed25519 in the form that GnuPG 2.2 of Debian 12 reads, for certifying and signing only. */
final class NewKey {
    private static final int ALGORITHM = PublicKeyAlgorithmTags.EDDSA_LEGACY;

    private NewKey() {}

    static PGPSecretKeyRing make(String userId, Instant now, Duration lifetime, char @Nullable [] passphrase)
            throws PGPException {
        var random = new SecureRandom();
        var generator = new Ed25519KeyPairGenerator();
        generator.init(new Ed25519KeyGenerationParameters(random));
        var pair = new BcPGPKeyPair(PublicKeyPacket.VERSION_4, ALGORITHM, generator.generateKeyPair(), Date.from(now));
        var hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(false, Date.from(now));
        hashed.setIssuerFingerprint(false, pair.getPublicKey());
        hashed.setKeyFlags(true, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
        hashed.setKeyExpirationTime(true, lifetime.toSeconds());
        hashed.setPreferredHashAlgorithms(false, new int[] {HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA256});
        hashed.setPrimaryUserID(false, true);
        var unhashed = new PGPSignatureSubpacketGenerator();
        unhashed.setIssuerKeyID(false, pair.getKeyID());
        return new PGPKeyRingGenerator(
                        PGPSignature.POSITIVE_CERTIFICATION,
                        pair,
                        userId,
                        new BcPGPDigestCalculatorProvider()
                                .get(HashAlgorithmTags.SHA1), // the checksum that v4 prescribes
                        hashed.generate(),
                        unhashed.generate(),
                        new BcPGPContentSignerBuilder(ALGORITHM, HashAlgorithmTags.SHA512),
                        lock(passphrase, random))
                .generateSecretKeyRing();
    }

    private static @Nullable PBESecretKeyEncryptor lock(char @Nullable [] passphrase, SecureRandom random)
            throws PGPException {
        if (passphrase == null) {
            return null;
        }
        var digest = new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA256);
        return new BcPBESecretKeyEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256, digest, 0xE0)
                .setSecureRandom(random)
                .build(passphrase);
    }
}
