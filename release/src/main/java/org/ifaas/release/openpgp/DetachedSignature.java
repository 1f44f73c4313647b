package org.ifaas.release.openpgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.api.OpenPGPKeyReader;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.ifaas.factory.signing.Signer;

/** Looks at our own signatures again. Customers' eyes are {@code gpgv}'s, and so are the verifier's. */
public final class DetachedSignature {
    private DetachedSignature() {}

    /** One without its armor. */
    public static byte[] packet(String armored) throws IOException {
        return Armor.read(armored);
    }

    /** Whether it is one signature by the key over that content; armored or not. */
    public static boolean verifies(byte[] packet, byte[] content, Signer.Key key) {
        try (var in = PGPUtil.getDecoderStream(new ByteArrayInputStream(packet))) {
            if (!(new BcPGPObjectFactory(in).nextObject() instanceof PGPSignatureList list) || list.size() != 1) {
                return false;
            }
            var signature = list.get(0);
            var signing = new OpenPGPKeyReader().parseCertificate(key.armored()).getSigningKeyFor(signature);
            if (signing == null) {
                return false;
            }
            signature.init(new BcPGPContentVerifierBuilderProvider(), signing.getPGPPublicKey());
            signature.update(content);
            return signature.verify();
        } catch (IOException | PGPException | RuntimeException unreadable) {
            return false;
        }
    }
}
