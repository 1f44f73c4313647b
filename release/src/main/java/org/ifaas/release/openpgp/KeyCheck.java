package org.ifaas.release.openpgp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKey.OpenPGPPrivateKey;
import org.bouncycastle.openpgp.api.OpenPGPKey.OpenPGPSecretKey;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyConverter;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.jspecify.annotations.Nullable;

/** Whether a key may sign now: neither revoked, expired, about to expire, nor locked. */
final class KeyCheck {
    private final Path file;
    private final OpenPGPKey key;
    private final String fingerprint;
    private final Instant now;

    KeyCheck(Path file, OpenPGPKey key, Instant now) {
        this.file = file;
        this.key = key;
        this.now = now;
        this.fingerprint = HexFormat.of().formatHex(key.getFingerprint()).toUpperCase(Locale.ROOT);
    }

    ReleaseKey usable(Duration margin, char @Nullable [] passphrase) throws StageFailure {
        var primary = key.getPrimaryKey().getPGPPublicKey();
        if (primary.hasRevocation()) {
            throw refused("is revoked", "give the factory a new key, and its fingerprint to all who pin it");
        }
        var signing = signingKey();
        var expires = expiry(signing);
        if (expires.isPresent() && expires.get().isBefore(now.plus(margin))) {
            var date = expires.get().atZone(ZoneOffset.UTC).toLocalDate();
            throw refused(
                    expires.get().isAfter(now)
                            ? "expires on " + date + ", within the margin of " + margin.toDays() + " days"
                            : "expired on " + date,
                    extend());
        }
        var secret = unlock(signing, passphrase).getKeyPair().getPrivateKey();
        try {
            var parameters = new BcPGPKeyConverter().getPrivateKey(secret);
            DigestContentSigner.signer(parameters);
            return new ReleaseKey(described(expires), signing.getPGPPublicKey(), secret, parameters);
        } catch (PGPException | IllegalArgumentException unfit) {
            throw refused(
                    "is of a kind that can't sign releases (" + unfit.getMessage() + ")",
                    "use an Ed25519, RSA or ECDSA key");
        }
    }

    /** The newest signing subkey that isn't revoked, or else the primary key. */
    private OpenPGPSecretKey signingKey() throws StageFailure {
        return Stream.concat(bound(now), bound(lastMoment()))
                .findFirst()
                .orElseThrow(() -> refused(
                        "can't sign: it has no signing key that is valid",
                        "give the factory a secret key that may sign, made by gpg --export-secret-keys --armor"));
    }

    private Stream<OpenPGPSecretKey> bound(Instant when) {
        return key.getSigningKeys(Date.from(when)).stream()
                .filter(candidate -> !candidate.getPGPPublicKey().hasRevocation())
                .map(key::getSecretKey)
                .filter(secret -> secret != null && !secret.getPGPSecretKey().isPrivateKeyEmpty())
                .sorted(Comparator.comparing(OpenPGPSecretKey::isPrimaryKey)
                        .thenComparing(OpenPGPSecretKey::getCreationTime, Comparator.reverseOrder()));
    }

    /** Of an expired key, so that it is called expired and not merely invalid. */
    private Instant lastMoment() {
        return Optional.ofNullable(key.getExpirationTime())
                .map(expired -> expired.toInstant().minusSeconds(1))
                .orElse(now);
    }

    private Optional<Instant> expiry(OpenPGPSecretKey signing) {
        var when = Date.from(lastMoment().isBefore(now) ? lastMoment() : now);
        return Stream.of(key.getExpirationTime(when), signing.getPublicKey().getKeyExpirationDateAt(when))
                .filter(date -> date != null)
                .map(Date::toInstant)
                .min(Comparator.naturalOrder());
    }

    private OpenPGPPrivateKey unlock(OpenPGPSecretKey signing, char @Nullable [] passphrase) throws StageFailure {
        var mend = "name a file that holds its passphrase in the factory's configuration";
        if (signing.isLocked() && passphrase == null) {
            throw refused("is locked by a passphrase, and none is configured", mend);
        }
        try {
            var unlocked = signing.unlock(passphrase);
            if (unlocked == null) {
                throw refused("can't be unlocked", mend);
            }
            return unlocked;
        } catch (PGPException wrong) {
            throw refused("can't be unlocked: the passphrase is wrong", mend);
        }
    }

    private Signer.Key described(Optional<Instant> expires) throws StageFailure {
        try {
            var userId = key.getPrimaryUserId(Date.from(now));
            return new Signer.Key(
                    fingerprint,
                    userId == null ? "" : userId.getUserId(),
                    new String(Armor.of(key.getPGPKeyRing().toCertificate().getEncoded())),
                    expires.map(time ->
                                    time.atZone(ZoneOffset.UTC).toLocalDate().toString())
                            .orElse("never"));
        } catch (IOException failed) {
            throw refused("can't be exported: " + failed.getMessage(), "check the file with gpg --show-keys");
        }
    }

    private String extend() {
        return ("extend it: gpg --import '%s' && gpg --quick-set-expire %s 2y && gpg --export-secret-keys --armor %s >"
                        + " '%s', then give the new public key to all who pin it")
                .formatted(file, fingerprint, fingerprint, file);
    }

    private StageFailure refused(String why, String mend) {
        return new StageFailure(Blame.FACTORY, "signing key %s (%s) %s".formatted(fingerprint, file, why), mend);
    }
}
