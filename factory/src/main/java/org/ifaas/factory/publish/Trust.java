package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Sha256;

/**
 * Whom a region's publisher believes.
 *
 * @param approvals knows the pinned approval key
 * @param releases knows the pinned release key
 * @param kinds which kinds of approval are enough: {@link Approval#how}
 */
public record Trust(ApprovalReader approvals, ReleaseReader releases, Set<String> kinds) {
    public Trust {
        kinds = Set.copyOf(kinds);
    }

    /** @throws NotApproved when there is no approval, or the pinned key has not signed it */
    Approval approval(ApprovedRelease release) throws NotApproved, StageFailure {
        var signed = release.request().approval();
        if (signed == null) {
            throw new NotApproved("there is no signed approval", NotApproved.ANEW);
        }
        var approval = approvals.open(signed.envelope());
        if (!approval.nonce().equals(signed.nonce())) {
            throw new NotApproved("the factory names another nonce than the approval", NotApproved.ANEW);
        }
        return approval;
    }

    /**
     * @return SHA-256 of the files that are the approved image, by disk format
     * @throws NotApproved when anything is not as it was approved, or is not signed as it has to be
     */
    Map<String, String> check(Approval approval, ApprovedRelease release, Instant now) throws NotApproved {
        approval.standsAt(now);
        approval.speaksOf(release.request());
        if (!kinds.contains(approval.how())) {
            throw new NotApproved(
                    "it is “" + approval.how() + "”, which is not enough for this region",
                    "Have somebody else than its requester approve it, or allow that kind in the publisher's configuration.");
        }
        var checksums = release.checksums();
        var signature = release.signature();
        if (checksums == null || signature == null) {
            throw new NotApproved(
                    "the factory does not show the release's SHA256SUMS and its signature",
                    "See that the factory's artifact store is mounted and has that release.");
        }
        if (!Sha256.of(checksums).equals(approval.release())) {
            throw new NotApproved("the release's SHA256SUMS is not the one that was approved", NotApproved.ANEW);
        }
        releases.check(checksums, signature);
        if (checksums.lines().noneMatch(line -> line.startsWith(approval.sha256() + "  files/"))) {
            throw new NotApproved(
                    "the approved image's digest is not in the release's SHA256SUMS",
                    "Don't publish it: the request and its release are not of one piece.");
        }
        return files(approval, release);
    }

    private Map<String, String> files(Approval approval, ApprovedRelease release) throws NotApproved {
        var files = new TreeMap<>(Map.of(DiskFormat.QCOW2.word(), approval.sha256()));
        for (var envelope : release.statements()) {
            var conversion = releases.conversion(envelope);
            if (!conversion.image().equals(approval.sha256())
                    || !conversion.release().equals(approval.release())) {
                throw new NotApproved(
                        "the statement about its file in %s speaks of another image or release"
                                .formatted(conversion.diskFormat()),
                        "Don't publish it: the release and its statements are not of one piece.");
            }
            var other = files.putIfAbsent(conversion.diskFormat(), conversion.sha256());
            if (other != null && !other.equals(conversion.sha256())) {
                throw new NotApproved(
                        "two statements name different files in " + conversion.diskFormat(),
                        "Don't publish it: the release and its statements are not of one piece.");
            }
        }
        return files;
    }
}
