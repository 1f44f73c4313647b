package org.ifaas.factory.publish;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.ApprovedReleases.Unreachable;
import org.ifaas.factory.publish.PublisherLog.Entry;
import org.ifaas.factory.signing.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The publisher beside one region, with the right to publish there. It asks the factory what is approved, believes nothing
 * that the pinned keys have not signed, and tells what it has done. After a crash anywhere it ends where it would have.
 */
public final class PullingPublisher {
    private final ApprovedReleases factory;
    private final Trust trust;
    private final RegionPublisher region;
    private final PublisherLog log;
    private final Duration retry;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final Map<String, Instant> resting = new HashMap<>();
    private final Map<String, String> said = new HashMap<>();

    /**
     * @param retry how long what has failed is left alone
     * @param progress hears what happens, in lines for people
     */
    public PullingPublisher(
            ApprovedReleases factory,
            Trust trust,
            RegionPublisher region,
            PublisherLog log,
            Duration retry,
            InstantSource clock,
            Consumer<String> progress) {
        this.factory = factory;
        this.trust = trust;
        this.region = region;
        this.log = log;
        this.retry = retry;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Does what can be done now.
     *
     * @return how many could not be
     */
    public int round() throws Unreachable {
        int failed = 0;
        for (var release : factory.waiting()) {
            failed += one(release) ? 0 : 1;
        }
        return failed;
    }

    private boolean one(ApprovedRelease release) throws Unreachable {
        var id = release.request().id();
        var signed = release.request().approval();
        var key = id + "/" + (signed == null ? "" : signed.nonce());
        var until = resting.get(key);
        if (until != null && clock.instant().isBefore(until)) {
            return false;
        }
        try {
            carry(release);
            resting.remove(key);
            return true;
        } catch (NotApproved e) {
            failed(release, "refused: " + e.getMessage() + ". " + e.mend());
        } catch (StageFailure e) {
            failed(release, e.getMessage() + ". " + e.mend());
        }
        resting.put(key, clock.instant().plus(retry));
        return false;
    }

    private void carry(ApprovedRelease release) throws NotApproved, StageFailure, Unreachable {
        var approval = trust.approval(release);
        var entry = entry(approval, Objects.requireNonNull(release.request().approval()));
        var known = known(entry);
        if (known != null && known.published() != null) {
            // Only the news of it has got lost.
            published(release, approval);
            return;
        }
        var files = trust.check(approval, release, clock.instant());
        checkNewest(approval);
        var here = release.request().in(region.region()).orElse(null);
        boolean verified = here != null && here.state() == RegionState.VERIFIED;
        if (verified && !release.request().verifiedEverywhere()) {
            say(approval, "waits until all its regions are verified");
            return;
        }
        say(
                approval,
                "reading image "
                        + approval.in(region.region()).map(image -> image.id()).orElse("") + " back");
        region.verify(approval, files);
        var now = verified ? release : factory.report(release, RegionState.VERIFIED, null);
        say(approval, "verified: SHA-256 " + approval.sha256());
        if (!now.request().verifiedEverywhere()) {
            say(approval, "waits until all its regions are verified");
            return;
        }
        log.write(entry);
        region.publish(approval);
        log.write(new Entry(
                entry.nonce(), entry.build(), entry.publishAs(), entry.issued(), entry.digest(), clock.instant()));
        published(release, approval);
    }

    private static Entry entry(Approval approval, SignedApproval signed) {
        return new Entry(
                approval.nonce(),
                approval.request().value(),
                approval.publishAs(),
                approval.issued(),
                Sha256.of(signed.envelope()),
                null);
    }

    private @Nullable Entry known(Entry entry) throws NotApproved {
        for (var other : log.all()) {
            if (other.nonce().equals(entry.nonce())) {
                if (!other.digest().equals(entry.digest())) {
                    throw new NotApproved(
                            "another approval had the same nonce, of build " + other.build() + ": it is a replay",
                            NotApproved.ANEW);
                }
                return other;
            }
        }
        return null;
    }

    private void checkNewest(Approval approval) throws NotApproved {
        for (var other : log.all()) {
            if (other.publishAs().equals(approval.publishAs()) && other.issued().isAfter(approval.issued())) {
                throw new NotApproved(
                        "a newer approval of the same name, of build %s at %s, has come first: it is a replay"
                                .formatted(other.build(), other.issued()),
                        "To put this one in its place, have it approved again: 'ifaas approve BUILD'.");
            }
        }
    }

    private void published(ApprovedRelease release, Approval approval) throws Unreachable {
        factory.report(release, RegionState.PUBLISHED, null);
        say(approval, "published as " + approval.publishAs() + "_latest");
    }

    private void failed(ApprovedRelease release, String why) throws Unreachable {
        say(
                release.request().id(),
                release.request().image() + " " + release.request().serial(),
                why);
        if (release.request().approval() != null) {
            factory.report(release, RegionState.FAILED, why);
        }
    }

    private void say(Approval approval, String what) {
        say(approval.request(), approval.image() + " " + approval.serial(), what);
    }

    /** The same again is no news. */
    private void say(BuildId build, String what, String line) {
        if (!line.equals(said.put(build.value(), line))) {
            progress.accept(what + ": " + line);
        }
    }
}
