package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has approved: the content of the signed statement. Whoever publishes compares all of it with what the factory
 * and the region say then.
 *
 * @param request the build that asked for it
 * @param publishAs the public name without its suffix
 * @param release digest of the release: SHA-256 of its {@code SHA256SUMS}, hexadecimal
 * @param sha256 digest of the image
 * @param images the private images, one a region; no other region may publish
 * @param without regions that have an image too, and are left out: it stays private there
 * @param visiblePrevious how many versions before this one stay visible
 * @param how one of {@link #FOUR_EYES}, {@link #SELF_APPROVED}, {@link #BY_POLICY}
 * @param expires nobody publishes by it from then on
 * @param nonce 32 hexadecimal digits, of no other approval
 */
public record Approval(
        BuildId request,
        String image,
        String serial,
        String publishAs,
        String release,
        String sha256,
        List<ImageRef> images,
        List<String> without,
        int visiblePrevious,
        String requester,
        String approver,
        String how,
        Instant issued,
        Instant expires,
        String nonce) {
    public static final String FOUR_EYES = "four-eyes";
    public static final String SELF_APPROVED = "self-approved";
    public static final String BY_POLICY = "approved by policy";

    public Approval {
        images = List.copyOf(images);
        without = List.copyOf(without);
    }

    /** The private image that may become public there. */
    public Optional<ImageRef> in(String region) {
        return images.stream().filter(image -> image.region().equals(region)).findFirst();
    }

    /** @throws NotApproved when the request is no longer what was approved */
    public void speaksOf(PublicationRequest now) throws NotApproved {
        same("build", request, now.id());
        same("image", image, now.image());
        same("serial", serial, now.serial());
        same("name", publishAs, now.publishAs());
        same("digest of the image", sha256, now.sha256());
        same("regions and their images", images, now.imagesWithout(without));
        same("requester", requester, now.requester());
        same("approver", approver, now.decidedBy());
        same("kind of approval", how, now.how());
    }

    /** @throws NotApproved when its time is over */
    public void standsAt(Instant now) throws NotApproved {
        if (!now.isBefore(expires)) {
            throw new NotApproved("the approval has expired at " + expires, NotApproved.ANEW);
        }
    }

    private static void same(String field, Object approved, @Nullable Object now) throws NotApproved {
        if (!approved.equals(now)) {
            throw new NotApproved(
                    "the " + field + " has changed since the approval: approved is " + approved + ", now it is " + now,
                    NotApproved.ANEW);
        }
    }
}
