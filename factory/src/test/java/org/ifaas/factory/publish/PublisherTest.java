package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.factory.signing.Signer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PublisherTest {
    @TempDir
    Path folder;

    private Requested requested;
    private Publisher publisher;

    @BeforeEach
    void factory() {
        requested = new Requested(folder);
        publisher = requested.publisher(true, "own-a", "own-b");
    }

    @Test
    void approvalAndPublicationAreInTheAuditLog() throws Exception {
        var id = requested.by("anna", "s1", "own-a");
        publisher.approve(id, "bea");
        assertThat(requested.audit.said()).containsExactly("bea publication-approved " + id, "bea published " + id);
        assertThat(requested.audit.list(1, null).getFirst().details())
                .containsEntry("image", "tiny")
                .containsEntry("serial", "s1");
    }

    @Test
    void aRejectionIsThereWithItsReason() throws Exception {
        var id = requested.by("anna", "s1", "own-a");
        publisher.reject(id, "bea", "too old");
        assertThat(requested.audit.said()).containsExactly("bea publication-rejected " + id);
        assertThat(requested.audit.list(1, null).getFirst().details()).containsEntry("reason", "too old");
    }

    @ParameterizedTest
    @CsvSource({
        "anna, anna",
        "anna, Anna",
        "anna@example.org, anna",
        "anna@example.org, anna@example.org",
        "anna, anna@example.org"
    })
    void whoeverAskedForItOrWroteItsCommitCannotApproveIt(String requester, String by) throws Exception {
        var id = requested.by(requester, "s1", "own-a");
        assertThatThrownBy(() -> publisher.approve(id, by)).isInstanceOf(Publisher.Refused.class);
        assertThat(requested.audit.said()).isEmpty();
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource({"anna@example.org, bea", "anna@example.org, anna@example.net"})
    void everybodyElseCan(String requester, String by) throws Exception {
        assertThat(publisher.approve(requested.by(requester, "s1", "own-a"), by).how())
                .isEqualTo("four-eyes");
    }

    @Test
    void theAuthorOfACommitIsKnownByEachOfTheirAddresses() throws Exception {
        var author = new Person("amuster", Set.of("anna.m@example.org", "am@example.net"));
        for (var address : List.of("Anna.M@Example.org", "am@example.net")) {
            var id = requested.by(address, address, "own-a");
            assertThatThrownBy(() -> publisher.approve(id, author, ImagePatterns.ALL, null, List.of()))
                    .isInstanceOf(Publisher.Refused.class)
                    .hasMessageContaining("whoever asked for a build");
        }
        var id = requested.by("anna.m@example.net", "s1", "own-a");
        assertThat(publisher
                        .approve(id, author, ImagePatterns.ALL, null, List.of())
                        .how())
                .isEqualTo("four-eyes");
    }

    @Test
    void whereNobodyKnowsWhoWroteTheCommitThatAScheduleBuiltNobodyIsASecondPairOfEyes() throws Exception {
        var id = requested.by("schedule", "s1", "own-a");
        assertThatThrownBy(() -> publisher.approve(id, "bea"))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("the author of its commit is not known");
        var alone = requested.publisher(false, "own-a");
        assertThat(alone.approve(id, "bea").how()).isEqualTo("self-approved");
    }

    @Test
    void anImageThatIsNotTheOneThatWasLookedAtIsNotApproved() throws Exception {
        var id = requested.by("anna", "s1", "own-a");
        var bea = new Person("bea");
        assertThatThrownBy(() -> publisher.approve(id, bea, ImagePatterns.ALL, "0".repeat(64), List.of()))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("another image by now");
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
        var looked = requested.requests.find(id).orElseThrow().sha256();
        publisher.approve(id, bea, ImagePatterns.ALL, looked, List.of());
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    @Test
    void thePublicNameOfAnotherImageIsGivenAwayOnlyByWhoDecidesAboutBoth() throws Exception {
        publisher.approve(requested.by("anna", "s1", "own-a"), "bea");
        var id = requested.of("web-x", "wes", "s2", "own-a");
        var bea = new Person("bea");
        assertThatThrownBy(() -> publisher.approve(id, bea, ImagePatterns.of(Set.of("web-*")), null, List.of()))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("the name of another image");
        assertThat(requested.latest("own-a")).isEqualTo("s1");
        publisher.approve(id, bea, ImagePatterns.of(Set.of("web-*", "tiny")), null, List.of());
        assertThat(requested.latest("own-a")).isEqualTo("s2");
    }

    @Test
    void twoNodesPublishOneAfterTheOther() throws Exception {
        var between = new AtomicReference<Runnable>(() -> {});
        var plain = new PlainApprovals();
        var signer = new ApprovalSigner() {
            @Override
            public Signer.Key key() {
                return plain.key();
            }

            @Override
            public SignedApproval sign(Approval approval) {
                return plain.sign(approval);
            }

            @Override
            public Approval open(String envelope) throws NotApproved {
                between.getAndSet(() -> {}).run();
                return plain.open(envelope);
            }
        };
        requested = new Requested(folder, signer, requested.registries);
        var chore = requested.publisher(true, "own-a");
        var other = new Thread(() -> {
            try {
                chore.publishApproved();
            } catch (StageFailure e) {
                throw new AssertionError(e);
            }
        });
        var then = new AtomicReference<Thread.State>();
        between.set(() -> {
            other.start();
            while (!Set.of(Thread.State.WAITING, Thread.State.TERMINATED).contains(other.getState())) {
                Thread.onSpinWait();
            }
            then.set(other.getState());
        });
        var id = requested.by("anna", "s1", "own-a");
        requested.publisher(true, "own-a").approve(id, "bea");
        other.join();
        assertThat(then).hasValue(Thread.State.WAITING);
        assertThat(requested.audit.said()).containsExactly("bea publication-approved " + id, "bea published " + id);
    }

    @Test
    void theApprovalSaysAllThatIsApproved() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        var request = publisher.approve(id, "bea");
        var approval = requested.signer.open(request.approval().envelope());
        approval.speaksOf(request);
        assertThat(approval.release()).isEqualTo(release(request));
        assertThat(approval.expires()).isEqualTo(approval.issued().plus(Duration.ofDays(7)));
        assertThat(approval.nonce())
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(requested
                        .signer
                        .open(publisher
                                .approve(requested.by("anna", "s2", "own-a"), "bea")
                                .approval()
                                .envelope())
                        .nonce());
        assertThat(approval.in("west")).contains(new ImageRef("west", requested.image(id, "west")));
        assertThat(approval.in("east")).isEmpty();
    }

    private String release(PublicationRequest request) {
        return Sha256.of(Requested.checksums(request.sha256()));
    }

    @Test
    void theFactorysOwnRegionsArePublishedAtOnce() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "own-b");
        var approved = publisher.approve(id, "bea");
        assertThat(approved.state()).isEqualTo(State.PUBLISHED);
        assertThat(approved.decided()).isEqualTo(approved.approval().issued());
        assertThat(requested.states(id)).containsExactly("own-a PUBLISHED", "own-b PUBLISHED");
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    @Test
    void noRegionMovesBeforeTheImagesOfAllAreVerified() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west", "east");
        assertThat(publisher.approve(id, "bea").state()).isEqualTo(State.APPROVED);
        assertThat(requested.states(id)).containsExactly("east WAITING", "own-a VERIFIED", "west WAITING");
        var nonce = requested.requests.find(id).orElseThrow().approval().nonce();
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        publisher.report(id, nonce, "east", RegionState.FAILED, "down");
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
        publisher.report(id, nonce, "east", RegionState.VERIFIED, null);
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("s1");
        assertThat(requested.states(id)).containsExactly("east VERIFIED", "own-a PUBLISHED", "west VERIFIED");
        publisher.report(id, nonce, "east", RegionState.PUBLISHED, null);
        assertThat(publisher
                        .report(id, nonce, "west", RegionState.PUBLISHED, null)
                        .state())
                .isEqualTo(State.PUBLISHED);
        assertThat(publisher
                        .report(id, nonce, "west", RegionState.PUBLISHED, null)
                        .state())
                .isEqualTo(State.PUBLISHED);
    }

    private PublicationRequest approve(BuildId id, String... without) throws Exception {
        return publisher.approve(id, new Person("bea"), ImagePatterns.ALL, null, List.of(without));
    }

    @Test
    void aRegionThatIsLeftOutHoldsUpNoOther() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west", "east");
        approve(id);
        var nonce = requested.requests.find(id).orElseThrow().approval().nonce();
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        publisher.report(id, nonce, "east", RegionState.FAILED, "down");

        var fewer = approve(id, "east");
        assertThat(fewer.leftOut()).containsExactly("east");
        assertThat(fewer.approval().nonce()).isNotEqualTo(nonce);
        assertThat(requested.signer.open(fewer.approval().envelope()).in("east"))
                .isEmpty();
        assertThat(publisher.waiting("east")).isEmpty();
        assertThat(requested.audit.list(1, null).getFirst().details()).containsEntry("without", "east");
        assertThat(approve(id, "east").approval()).as("the same again").isEqualTo(fewer.approval());
        var now = fewer.approval().nonce();
        publisher.report(id, now, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        publisher.report(id, now, "west", RegionState.PUBLISHED, null);
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PUBLISHED);
        assertThat(requested.states(id)).containsExactly("own-a PUBLISHED", "west PUBLISHED");
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    @Test
    void aRegionThatWasLeftOutIsApprovedLater() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "own-b");
        assertThat(approve(id, "own-b").state()).isEqualTo(State.PUBLISHED);
        assertThat(requested.latest("own-b")).isEqualTo("nothing");
        assertThatThrownBy(() -> approve(id, "own-b")).hasMessage("it is PUBLISHED already");
        assertThatThrownBy(() -> approve(id, "own-a")).hasMessage("it is PUBLISHED already");

        assertThat(approve(id).state()).isEqualTo(State.PUBLISHED);
        assertThat(requested.states(id)).containsExactly("own-a PUBLISHED", "own-b PUBLISHED");
        assertThat(requested.latest("own-b")).isEqualTo("s1");
        assertThatThrownBy(() -> approve(id)).hasMessage("it is PUBLISHED already");
    }

    @Test
    void anotherCopyInARegionThatIsLeftOutVoidsNothing() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west", "own-b");
        approve(id, "own-b");
        requested.registries.of("own-b").delete(requested.image(id, "own-b"));
        requested.copyAgain(id, "own-b");
        publisher.publishApproved();
        var now = requested.requests.find(id).orElseThrow();
        assertThat(now.state()).isEqualTo(State.APPROVED);
        assertThat(requested.states(id)).containsExactly("own-a VERIFIED", "west WAITING");
    }

    @Test
    void onlyRegionsOfTheRequestAreLeftOutAndNotAllOfThem() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        assertThatThrownBy(() -> approve(id, "wset")).isInstanceOfSatisfying(Publisher.Refused.class, refused -> {
            assertThat(refused.field()).isEqualTo("without");
            assertThat(refused.value()).isEqualTo("wset");
            assertThat(refused.mend()).isEqualTo("Choose among own-a, west.");
        });
        assertThatThrownBy(() -> approve(id, "west", "own-a")).hasMessage("leaves out all regions of the request");
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PENDING);
    }

    @Test
    void oneThatWasChangedWhileItWaitedForTheOthersKeepsAllFromBecomingPublic() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "own-b", "west");
        publisher.approve(id, "bea");
        requested.damage(id, "own-b");
        var nonce = requested.requests.find(id).orElseThrow().approval().nonce();
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        assertThat(requested.states(id)).containsExactly("own-a VERIFIED", "own-b FAILED", "west VERIFIED");
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
    }

    @Test
    void aRegionWithOtherBytesStaysVisibleWithItsReasonAndIsTriedAgainAfterAWhile() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "own-b");
        requested.damage(id, "own-b");
        var failed = publisher.approve(id, "bea").in("own-b").orElseThrow();
        assertThat(failed.state()).isEqualTo(RegionState.FAILED);
        assertThat(failed.reason()).contains("region own-b: image", "has SHA-256", "Don't use that image");
        requested.mend(id, "own-b");
        publisher.publishApproved();
        assertThat(requested.states(id)).contains("own-b FAILED");
        requested.now = requested.now.plus(Duration.ofMinutes(5));
        publisher.publishApproved();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PUBLISHED);
    }

    @Test
    void anApprovalThatHasExpiredIsNotActedOnUntilThereIsANewOne() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        var first = publisher.approve(id, "bea").approval();
        requested.now = first.expires();
        var nonce = first.nonce();
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        assertThat(requested
                        .requests
                        .find(id)
                        .orElseThrow()
                        .in("own-a")
                        .orElseThrow()
                        .reason())
                .contains("expired at " + first.expires());
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
        assertThatThrownBy(() -> publisher.approve(id, "anna")).isInstanceOf(Publisher.Refused.class);
        var again = publisher.approve(id, "eve");
        assertThat(again.decidedBy()).isEqualTo("eve");
        assertThat(again.approval().nonce()).isNotEqualTo(nonce);
        assertThatThrownBy(() -> publisher.report(id, nonce, "west", RegionState.VERIFIED, null))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("not the request's approval");
    }

    @Test
    void anOlderApprovalDoesNotPutAnOlderImageInPlaceOfANewerOne() throws Exception {
        var old = requested.by("anna", "s1", "own-a", "west");
        publisher.approve(old, "bea");
        var young = requested.by("anna", "s2", "own-a");
        publisher.approve(young, "bea");
        assertThat(requested.latest("own-a")).isEqualTo("s2");
        var nonce = requested.requests.find(old).orElseThrow().approval().nonce();
        publisher.report(old, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("s2");
        assertThat(requested
                        .requests
                        .find(old)
                        .orElseThrow()
                        .in("own-a")
                        .orElseThrow()
                        .reason())
                .contains("build " + young + " has become public", "approved again");
        requested.now = requested.now.plusSeconds(1);
        publisher.approve(old, "bea");
        nonce = requested.requests.find(old).orElseThrow().approval().nonce();
        publisher.report(old, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    static Stream<UnaryOperator<PublicationRequest>> changes() {
        return Stream.of(
                r -> with(
                        r,
                        "evil",
                        r.serial(),
                        r.publishAs(),
                        r.sha256(),
                        r.images(),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r,
                        r.image(),
                        "s9",
                        r.publishAs(),
                        r.sha256(),
                        r.images(),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r,
                        r.image(),
                        r.serial(),
                        "Evil",
                        r.sha256(),
                        r.images(),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r,
                        r.image(),
                        r.serial(),
                        r.publishAs(),
                        "e".repeat(64),
                        r.images(),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r,
                        r.image(),
                        r.serial(),
                        r.publishAs(),
                        r.sha256(),
                        List.of(r.images().getFirst(), new ImageRef("west", "evil")),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r,
                        r.image(),
                        r.serial(),
                        r.publishAs(),
                        r.sha256(),
                        List.of(r.images().getFirst()),
                        r.requester(),
                        r.decidedBy(),
                        r.how()),
                r -> with(
                        r, r.image(), r.serial(), r.publishAs(), r.sha256(), r.images(), "eve", r.decidedBy(), r.how()),
                r -> with(
                        r, r.image(), r.serial(), r.publishAs(), r.sha256(), r.images(), r.requester(), "eve", r.how()),
                r -> with(
                        r,
                        r.image(),
                        r.serial(),
                        r.publishAs(),
                        r.sha256(),
                        r.images(),
                        r.requester(),
                        r.decidedBy(),
                        "self-approved"));
    }

    static PublicationRequest with(
            PublicationRequest r,
            String image,
            String serial,
            String as,
            String sha256,
            List<ImageRef> images,
            String requester,
            String by,
            String how) {
        return new PublicationRequest(
                r.id(),
                image,
                serial,
                as,
                sha256,
                images,
                requester,
                r.state(),
                r.requested(),
                by,
                r.decided(),
                how,
                r.reason(),
                r.approval(),
                r.regions());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whateverIsChangedAfterwardsVoidsTheApproval(UnaryOperator<PublicationRequest> change) throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        var approved = publisher.approve(id, "bea");
        var nonce = approved.approval().nonce();
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        requested.requests.tamper(change.apply(requested.requests.find(id).orElseThrow()));
        publisher.publishApproved();
        assertThat(requested
                        .requests
                        .find(id)
                        .orElseThrow()
                        .in("own-a")
                        .orElseThrow()
                        .reason())
                .contains("has changed since the approval");
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource({"own-a, west", "east, west"})
    void aReleaseThatIsSealedAnewWaitsForSomebodyAgainAndIsOfferedToNobody(String one, String other) throws Exception {
        var id = requested.by("anna", "s1", one, other);
        var nonce = publisher.approve(id, "bea").approval().nonce();
        requested.seal(id, "e".repeat(64));
        publisher.report(id, nonce, "west", RegionState.VERIFIED, null);
        publisher.publishApproved();

        var again = requested.requests.find(id).orElseThrow();
        assertThat(again.state()).isEqualTo(State.PENDING);
        assertThat(again.reason()).isEqualTo("its release was sealed anew since bea approved it");
        assertThat(publisher.waiting("west")).isEmpty();
        assertThatThrownBy(() -> publisher.report(id, nonce, "west", RegionState.PUBLISHED, null))
                .isInstanceOf(Publisher.Refused.class);
        publisher.publishApproved();
        assertThat(requested.audit.said())
                .containsExactly("bea publication-approved " + id, "factory approval-voided " + id);
        assertThatThrownBy(() -> publisher.approve(id, "anna")).isInstanceOf(Publisher.Refused.class);
        assertThat(publisher.approve(id, "eve").state()).isEqualTo(State.APPROVED);
    }

    @Test
    void aCopyThatTookThePlaceOfALostOneIsPublishedWhenSomebodyHasApprovedIt() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "own-b");
        publisher.approve(id, "bea");
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PUBLISHED);
        var kept = requested.image(id, "own-a");
        var lost = requested.image(id, "own-b");
        requested.registries.of("own-b").delete(lost);

        requested.copyAgain(id, "own-b");
        publisher.publishApproved();
        var again = requested.requests.find(id).orElseThrow();
        assertThat(again.state()).isEqualTo(State.PENDING);
        assertThat(again.reason()).isEqualTo("it has another copy in own-b since bea approved it");
        assertThat(requested.states(id)).containsExactly("own-a PUBLISHED");
        assertThat(requested.latest("own-a")).as("what is public stays so").isEqualTo("s1");
        assertThat(requested.audit.said()).endsWith("factory approval-voided " + id);

        assertThat(publisher.approve(id, "eve").state()).isEqualTo(State.PUBLISHED);
        assertThat(requested.image(id, "own-a")).isEqualTo(kept);
        assertThat(requested.registries.of("own-b").named("Tiny_latest"))
                .singleElement()
                .satisfies(image -> assertThat(image.ref().id()).isNotEqualTo(lost));
    }

    @Test
    void aCopyThatTookThePlaceOfALostOneBeforeItWasPublishedVoidsTheApproval() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        publisher.approve(id, "bea");
        requested.registries.of("own-a").delete(requested.image(id, "own-a"));
        requested.copyAgain(id, "own-a");
        publisher.publishApproved();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PENDING);
        assertThat(requested.latest("own-a")).isEqualTo("nothing");
    }

    @Test
    void aBuildThatIsRetriedIsApprovedWhenItHasAskedAgain() throws Exception {
        var id = requested.by("anna", "s1", "west");
        publisher.approve(id, "bea");
        requested.journal.end(requested.journal.take(id, requested.now), BuildState.SUCCEEDED, null, requested.now);
        requested.journal.reopen(id, Set.of(), requested.now);
        requested.seal(id, "e".repeat(64));
        publisher.publishApproved();
        assertThat(requested.requests.find(id).orElseThrow().state())
                .as("what it asks to publish may still change")
                .isEqualTo(State.APPROVED);
        assertThatThrownBy(() -> publisher.approve(id, "eve"))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("has not asked for publication again");
        requested.journal.done(
                requested.journal.take(id, requested.now),
                StageName.REQUEST_PUBLICATION,
                new PublicationRequested(true, ""),
                null,
                requested.now);
        publisher.publishApproved();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PENDING);
    }

    @Test
    void publishersAreForTheOtherRegions() throws Exception {
        var id = requested.by("anna", "s1", "own-a", "west");
        var nonce = publisher.approve(id, "bea").approval().nonce();
        assertThat(publisher.waiting("west")).extracting(PublicationRequest::id).containsExactly(id);
        assertThat(publisher.waiting("east")).isEmpty();
        assertThatThrownBy(() -> publisher.waiting("wset")).hasMessage("is no region of this factory");
        assertThatThrownBy(() -> publisher.waiting("own-a"))
                .isInstanceOf(Publisher.Refused.class)
                .hasMessageContaining("publishes there itself");
        assertThatThrownBy(() -> publisher.report(id, nonce, "own-a", RegionState.PUBLISHED, null))
                .isInstanceOf(Publisher.Refused.class);
        assertThatThrownBy(() -> publisher.report(id, nonce, "east", RegionState.PUBLISHED, null))
                .isInstanceOf(Publisher.Refused.class);
    }

    @Test
    void whatAnOlderFactoryHasApprovedIsSignedAndPublished() throws Exception {
        var id = requested.by("anna", "s1", "own-a");
        requested.requests.decide(id, State.PENDING, State.APPROVED, "bea", "four-eyes", null, requested.now);
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("s1");
        assertThat(requested.requests.find(id).orElseThrow().approval()).isNotNull();
    }
}
