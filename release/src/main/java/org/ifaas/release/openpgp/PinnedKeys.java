package org.ifaas.release.openpgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPKeyReader;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** Public keys that somebody has decided to trust: several while an old one is replaced by a new one. */
public final class PinnedKeys {
    /** Trusts nobody. */
    public static final PinnedKeys NONE = new PinnedKeys(List.of());

    private static final Set<Integer> DIGESTS =
            Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512);

    private final List<OpenPGPCertificate> keys;

    private PinnedKeys(List<OpenPGPCertificate> keys) {
        this.keys = keys;
    }

    /**
     * @param content armored, or a keyring as for {@code gpgv}
     * @throws IOException when it holds no public key
     */
    public static PinnedKeys of(byte[] content) throws IOException {
        try {
            var keys = new OpenPGPKeyReader().parseCertificates(content);
            if (!keys.isEmpty()) {
                return new PinnedKeys(List.copyOf(keys));
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new IOException("it holds no public key", unreadable);
        }
        throw new IOException("it holds no public key");
    }

    /** Of the primary keys, in upper case. */
    public Set<String> fingerprints() {
        var all = new TreeSet<String>();
        keys.forEach(
                key -> all.add(HexFormat.of().formatHex(key.getFingerprint()).toUpperCase(Locale.ROOT)));
        return all;
    }

    /**
     * @param signature a detached one, armored or not
     * @param now when the key has to be good: one that has expired or was revoked has signed nothing
     * @throws NotSigned unless one of the keys has made it, over that content
     */
    public void check(byte[] signature, byte[] content, Instant now) throws NotSigned {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(signature))) {
            if (!(new BcPGPObjectFactory(in).nextObject() instanceof PGPSignatureList list) || list.size() != 1) {
                throw new NotSigned("it is not one signature");
            }
            check(list.get(0), content, now);
        } catch (IOException | PGPException | RuntimeException unreadable) {
            throw new NotSigned("its signature can't be read");
        }
    }

    private void check(PGPSignature signature, byte[] content, Instant now) throws NotSigned, PGPException {
        if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
                || !DIGESTS.contains(signature.getHashAlgorithm())) {
            throw new NotSigned("its signature is of a kind that is not accepted");
        }
        for (var key : keys) {
            var signing = key.getSigningKeyFor(signature);
            if (signing == null) {
                continue;
            }
            boolean good = !key.getPrimaryKey().getPGPPublicKey().hasRevocation()
                    && key.getSigningKeys(Date.from(now)).stream()
                            .anyMatch(one -> one.getKeyIdentifier().equals(signing.getKeyIdentifier()));
            if (!good) {
                throw new NotSigned("the key that has signed it has expired, or was revoked");
            }
            signature.init(new BcPGPContentVerifierBuilderProvider(), signing.getPGPPublicKey());
            signature.update(content);
            if (!signature.verify()) {
                throw new NotSigned("its signature is not over this content");
            }
            return;
        }
        throw new NotSigned("another key has signed it than " + String.join(" or ", fingerprints()));
    }
}
