package org.ifaas.release.openpgp;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.NullDigest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.operator.PGPContentSigner;

/**
 * Signs a content whose SHA-256 was begun elsewhere: an OpenPGP signature is made over the digest of the content followed by
 * a trailer, so that the state after the content is all that is needed of it.
 */
final class DigestContentSigner implements PGPContentSigner {
    private final MessageDigest state;
    private final PGPPrivateKey key;
    private final CipherParameters parameters;
    private final int type;
    private byte[] digest = {};

    DigestContentSigner(MessageDigest state, PGPPrivateKey key, CipherParameters parameters, int type) {
        this.state = state;
        this.key = key;
        this.parameters = parameters;
        this.type = type;
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int one) {
                state.update((byte) one);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                state.update(bytes, from, length);
            }
        };
    }

    /** The first call ends the digest; Bouncy Castle asks for the signature and then for the digest. */
    @Override
    public byte[] getDigest() {
        if (digest.length == 0) {
            digest = state.digest();
        }
        return digest;
    }

    @Override
    public byte[] getSignature() {
        var signer = signer(parameters);
        signer.init(true, parameters);
        signer.update(getDigest(), 0, getDigest().length);
        try {
            return signer.generateSignature();
        } catch (CryptoException failed) {
            throw new IllegalStateException("the release key can't sign: " + failed.getMessage(), failed);
        }
    }

    /** @throws IllegalArgumentException for DSA and other kinds of keys that no one should use any more */
    static Signer signer(CipherParameters parameters) {
        return switch (parameters) {
            case Ed25519PrivateKeyParameters _ -> new Ed25519Signer();
            case RSAKeyParameters _ -> new RSADigestSigner(new NullDigest(), NISTObjectIdentifiers.id_sha256);
            case ECPrivateKeyParameters _ -> new DSADigestSigner(new ECDSASigner(), new NullDigest());
            default -> throw new IllegalArgumentException("keys of this kind aren't used for signing");
        };
    }

    @Override
    public int getType() {
        return type;
    }

    @Override
    public int getHashAlgorithm() {
        return HashAlgorithmTags.SHA256;
    }

    @Override
    public int getKeyAlgorithm() {
        return key.getPublicKeyPacket().getAlgorithm();
    }

    @Override
    public long getKeyID() {
        return key.getKeyID();
    }
}
