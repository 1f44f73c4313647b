package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.schedule.Schedule;
import org.jspecify.annotations.Nullable;

/**
 * A release that waits for somebody with the right to make it public.
 *
 * @param id the build's id: a build asks once
 * @param publishAs the public name without its suffix
 * @param sha256 digest of the image
 * @param images the private images, one a region
 * @param decidedBy who decided last; null when nobody has yet
 * @param how {@code four-eyes}, {@code self-approved} or {@code approved by policy}; null while PENDING
 * @param reason why it was REJECTED, or is PENDING again
 * @param approval null while PENDING, and where an older factory has approved it
 * @param regions how far it has come in each that the approval does not leave out, by name; of a PENDING one, only those in which an earlier
 *     approval has made it public
 */
public record PublicationRequest(
        BuildId id,
        String image,
        String serial,
        String publishAs,
        String sha256,
        List<ImageRef> images,
        String requester,
        State state,
        Instant requested,
        @Nullable String decidedBy,
        @Nullable Instant decided,
        @Nullable String how,
        @Nullable String reason,
        @Nullable SignedApproval approval,
        List<RegionPublication> regions) {

    public enum State {
        PENDING,
        APPROVED,
        /** Public in all regions of its approval. */
        PUBLISHED,
        REJECTED
    }

    public PublicationRequest {
        images = List.copyOf(images);
        regions = List.copyOf(regions);
    }

    /** One that nobody has decided about. */
    public static PublicationRequest pending(
            BuildId id,
            String image,
            String serial,
            String publishAs,
            String sha256,
            List<ImageRef> images,
            String requester,
            Instant requested) {
        return new PublicationRequest(
                id,
                image,
                serial,
                publishAs,
                sha256,
                images,
                requester,
                State.PENDING,
                requested,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** For whom four-eyes counts: of a build that a schedule started, the author of its commit. */
    public static String requester(Build build, Inputs inputs) {
        var author = inputs.source().author();
        return build.requester().equals(Schedule.REQUESTER) && !author.isBlank() ? author : build.requester();
    }

    public Optional<RegionPublication> in(String region) {
        return regions.stream().filter(one -> one.region().equals(region)).findFirst();
    }

    /** The regions that its approval leaves out: the image stays private there. */
    public List<String> leftOut() {
        return approval == null ? List.of() : approval.without();
    }

    /** Its images in all regions but these. */
    public List<ImageRef> imagesWithout(List<String> leftOut) {
        return images.stream()
                .filter(image -> !leftOut.contains(image.region()))
                .toList();
    }

    /** Whether customers have it, in a region at least. */
    public boolean isPublic() {
        return state == State.PUBLISHED || regions.stream().anyMatch(one -> one.state() == RegionState.PUBLISHED);
    }

    /** Whether its images stay even where its build, retried, has failed: customers have them, or may get them. */
    public boolean keepsImages() {
        return state != State.REJECTED || isPublic();
    }

    /**
     * This request when its build, retried, asks again. What is REJECTED stays so, and of what is PUBLISHED the content. Where
     * a region has lost its image and got another copy of it, it is APPROVED again and WAITING there, until somebody sees that
     * the approval does not speak of that copy.
     */
    public PublicationRequest askedAgain(PublicationRequest again) {
        boolean same = again.images.equals(images) && again.sha256.equals(sha256);
        if (state == State.REJECTED || (state == State.PUBLISHED && (same || !again.sha256.equals(sha256)))) {
            return this;
        }
        boolean approved = state != State.PENDING && (same || approval != null);
        return new PublicationRequest(
                id,
                again.image,
                again.serial,
                again.publishAs,
                again.sha256,
                again.images,
                again.requester,
                approved ? State.APPROVED : State.PENDING,
                requested,
                decidedBy,
                decided,
                approved ? how : null,
                reason,
                approval,
                again.imagesWithout(leftOut()).stream()
                        .map(image -> images.contains(image) ? known(image) : waiting(image, again.requested))
                        .filter(one -> approved || one.state() == RegionState.PUBLISHED)
                        .sorted(Comparator.comparing(RegionPublication::region))
                        .toList());
    }

    /** Which regions are public is not written down where an older factory has published it. */
    private RegionPublication known(ImageRef image) {
        return in(image.region())
                .orElseGet(() -> state == State.PUBLISHED
                        ? new RegionPublication(
                                image.region(), RegionState.PUBLISHED, null, decided == null ? requested : decided)
                        : waiting(image, requested));
    }

    private static RegionPublication waiting(ImageRef image, Instant since) {
        return new RegionPublication(image.region(), RegionState.WAITING, null, since);
    }

    /** Whether every region has an image that was read back: before that, none may move its {@code _latest}. */
    public boolean verifiedEverywhere() {
        return !regions.isEmpty()
                && regions.stream()
                        .allMatch(one -> one.state() == RegionState.VERIFIED || one.state() == RegionState.PUBLISHED);
    }

    boolean publishedEverywhere() {
        return !regions.isEmpty() && regions.stream().allMatch(one -> one.state() == RegionState.PUBLISHED);
    }
}
