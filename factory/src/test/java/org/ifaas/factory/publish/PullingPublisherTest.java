package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.signing.Sha256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The publisher of {@code west}, that of {@code east}, and the factory with its own region: all of it but the network. */
class PullingPublisherTest {
    @TempDir
    Path folder;

    private Requested requested;
    private Publisher factory;
    private final InMemoryPublisherLog westLog = new InMemoryPublisherLog();
    private final InMemoryPublisherLog eastLog = new InMemoryPublisherLog();
    private final List<String> said = new ArrayList<>();
    private Set<String> kinds = Set.of(Approval.FOUR_EYES);
    private List<String> statements = List.of();
    private UnaryOperator<ApprovedRelease> lie = release -> release;

    @BeforeEach
    void start() {
        requested = new Requested(folder);
        factory = requested.publisher(false, "own-a");
    }

    private PullingPublisher publisher(String region, PublisherLog log, Killer killer) throws Exception {
        return new PullingPublisher(
                new Wire(region, killer),
                new Trust(requested.signer, new PlainReleases(), kinds),
                new RegionPublisher(new MortalRegistry(requested.registries.of(region), killer), requested.measurer),
                new PublisherLog() {
                    @Override
                    public List<Entry> all() {
                        return log.all();
                    }

                    @Override
                    public void write(Entry entry) {
                        killer.<Boolean, RuntimeException, RuntimeException>step(() -> {
                            log.write(entry);
                            return true;
                        });
                    }
                },
                Duration.ofMinutes(5),
                () -> requested.now,
                said::add);
    }

    private PullingPublisher west() throws Exception {
        return publisher("west", westLog, Killer.none());
    }

    private PullingPublisher east() throws Exception {
        return publisher("east", eastLog, Killer.none());
    }

    /** What the network would carry. */
    private final class Wire implements ApprovedReleases {
        private final String region;
        private final Killer killer;

        Wire(String region, Killer killer) {
            this.region = region;
            this.killer = killer;
        }

        @Override
        public List<ApprovedRelease> waiting() {
            try {
                return factory.waiting(region).stream().map(this::shown).toList();
            } catch (Publisher.Refused e) {
                throw new AssertionError(e);
            }
        }

        private ApprovedRelease shown(PublicationRequest request) {
            return lie.apply(new ApprovedRelease(request, Requested.checksums(request.sha256()), "signed", statements));
        }

        @Override
        public ApprovedRelease report(ApprovedRelease release, RegionState state, @Nullable String reason)
                throws Unreachable {
            return killer.<ApprovedRelease, Unreachable, RuntimeException>step(() -> {
                try {
                    return shown(factory.report(
                            release.request().id(), release.request().approval().nonce(), region, state, reason));
                } catch (Publisher.Refused e) {
                    throw new Unreachable(String.valueOf(e.getMessage()), e.mend(), e);
                }
            });
        }
    }

    private BuildId approved(String serial, String... regions) throws Exception {
        var id = requested.by("anna", serial, regions);
        factory.approve(id, "bea");
        return id;
    }

    private String reason(BuildId id, String region) {
        return String.valueOf(requested
                .requests
                .find(id)
                .orElseThrow()
                .in(region)
                .orElseThrow()
                .reason());
    }

    @Test
    void allRegionsVerifyBeforeTheFirstMoves() throws Exception {
        var id = approved("s1", "own-a", "west", "east");
        assertThat(west().round()).isZero();
        assertThat(requested.states(id)).containsExactly("east WAITING", "own-a VERIFIED", "west VERIFIED");
        assertThat(requested.latest("west")).isEqualTo("nothing");
        assertThat(said)
                .contains("tiny s1: waits until all its regions are verified")
                .anyMatch(line -> line.startsWith("tiny s1: verified: SHA-256 "));
        assertThat(east().round()).isZero();
        assertThat(requested.latest("east")).isEqualTo("s1");
        assertThat(west().round()).isZero();
        factory.publishApproved();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PUBLISHED);
        assertThat(List.of(requested.latest("own-a"), requested.latest("west"))).containsOnly("s1");
        assertThat(said).contains("tiny s1: published as Tiny_latest");
    }

    @Test
    void whereverItIsKilledItEndsWhereItWouldHave() throws Exception {
        for (var serial : List.of("o1", "o2")) {
            approved(serial, "west");
            west().round();
        }
        int killed = 0;
        for (int at = 0; ; at++) {
            var id = approved("s" + at, "west");
            var before = at == 0 ? "o2" : "s" + (at - 1);
            try {
                publisher("west", westLog, new Killer(at)).round();
                break;
            } catch (Killer.Killed gone) {
                killed++;
            }
            west().round();
            assertThat(requested.latest("west")).isEqualTo("s" + at);
            assertThat(requested.registries.of("west").named("Tiny_prev1"))
                    .singleElement()
                    .satisfies(image -> assertThat(image.properties()).containsEntry("internal_version", before));
            assertThat(requested.requests.find(id).orElseThrow().state())
                    .as("killed at " + at)
                    .isEqualTo(State.PUBLISHED);
        }
        // Two reports, two entries of the log, and changes of at least three images, before and after each.
        assertThat(killed).isGreaterThanOrEqualTo(14);
    }

    @Test
    void imagesThatAreNotWhatWasApprovedAreRefusedAndNothingMoves() throws Exception {
        var id = approved("s1", "west", "east");
        requested.damage(id, "west");
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("refused: region west: image", "has SHA-256");
        east().round();
        assertThat(requested.latest("east")).isEqualTo("nothing");
        requested.mend(id, "west");
        west().round();
        east().round();
        west().round();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PUBLISHED);
    }

    @Test
    void whatHasFailedRestsForAWhile() throws Exception {
        var id = approved("s1", "west");
        requested.damage(id, "west");
        var publisher = west();
        assertThat(publisher.round()).isEqualTo(1);
        requested.mend(id, "west");
        assertThat(publisher.round()).isEqualTo(1);
        requested.now = requested.now.plus(Duration.ofMinutes(5));
        assertThat(publisher.round()).isZero();
        assertThat(requested.latest("west")).isEqualTo("s1");
    }

    @ParameterizedTest
    @MethodSource("org.ifaas.factory.publish.PublisherTest#changes")
    void whateverTheFactorySaysOtherwiseIsRefused(UnaryOperator<PublicationRequest> change) throws Exception {
        var id = approved("s1", "west", "east");
        lie = release -> new ApprovedRelease(
                change.apply(release.request()), release.checksums(), release.signature(), release.statements());
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("has changed since the approval");
        assertThat(requested.latest("west")).isEqualTo("nothing");
    }

    @Test
    void anApprovalThatTheKeyHasNotSignedIsRefused() throws Exception {
        var id = approved("s1", "west");
        lie = release -> with(release, new SignedApproval("forged", "B", requested.now, requested.now, nonce(id)));
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("not signed by the pinned key");
    }

    private String nonce(BuildId id) {
        return requested.requests.find(id).orElseThrow().approval().nonce();
    }

    private static ApprovedRelease with(ApprovedRelease release, SignedApproval approval) {
        var r = release.request();
        return new ApprovedRelease(
                new PublicationRequest(
                        r.id(),
                        r.image(),
                        r.serial(),
                        r.publishAs(),
                        r.sha256(),
                        r.images(),
                        r.requester(),
                        r.state(),
                        r.requested(),
                        r.decidedBy(),
                        r.decided(),
                        r.how(),
                        r.reason(),
                        approval,
                        r.regions()),
                release.checksums(),
                release.signature(),
                List.of());
    }

    @Test
    void anApprovalOfAnotherReleaseIsRefused() throws Exception {
        var one = approved("s1", "west", "east");
        var two = approved("s2", "west", "east");
        var other = requested.requests.find(two).orElseThrow().approval();
        lie = release -> release.request().id().equals(one)
                ? with(release, new SignedApproval(other.envelope(), "A", other.issued(), other.expires(), nonce(one)))
                : release;
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(one, "west")).contains("names another nonce");
    }

    @Test
    void anExpiredApprovalIsRefused() throws Exception {
        var id = approved("s1", "west");
        requested.now = requested.now.plus(Duration.ofDays(8));
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("has expired");
    }

    @Test
    void aRegionThatTheApprovalDoesNotNameIsRefused() throws Exception {
        var id = approved("s1", "west");
        var westOnly = factory.waiting("west").getFirst();
        lie = release -> release;
        var registry = requested.registries.of("east");
        var trust = new Trust(requested.signer, new PlainReleases(), kinds);
        var wire = new Wire("west", Killer.none());
        var lost = new PullingPublisher(
                wire,
                trust,
                new RegionPublisher(registry, requested.measurer),
                eastLog,
                Duration.ofMinutes(5),
                () -> requested.now,
                said::add);
        assertThat(westOnly.id()).isEqualTo(id);
        assertThat(lost.round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("names no image in region east");
    }

    @Test
    void aReleaseWhoseChecksumsAreNotSignedOrNotThoseIsRefused() throws Exception {
        var id = approved("s1", "west");
        lie = release -> new ApprovedRelease(release.request(), release.checksums(), "forged", List.of());
        west().round();
        assertThat(reason(id, "west")).contains("not by the release key");
        lie = release -> new ApprovedRelease(release.request(), release.checksums() + "x", "signed", List.of());
        west().round();
        assertThat(reason(id, "west")).contains("is not the one that was approved");
        lie = release -> new ApprovedRelease(release.request(), null, null, List.of());
        west().round();
        assertThat(reason(id, "west")).contains("does not show the release's SHA256SUMS");
        assertThat(requested.latest("west")).isEqualTo("nothing");
    }

    @Test
    void anImageThatItsReleaseDoesNotHoldIsRefused() throws Exception {
        var id = requested.by("anna", "s1", "west");
        requested.seal(id, Sha256.of(Requested.checksums("e".repeat(64))));
        factory.approve(id, "bea");
        lie = release ->
                new ApprovedRelease(release.request(), Requested.checksums("e".repeat(64)), "signed", List.of());
        west().round();
        assertThat(reason(id, "west")).contains("is not in the release's SHA256SUMS");
    }

    @Test
    void selfApprovalsCountOnlyWhereTheyMay() throws Exception {
        var id = requested.by("anna", "s1", "west");
        factory.approve(id, "anna");
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("“self-approved”, which is not enough");
        kinds = Set.of(Approval.FOUR_EYES, Approval.SELF_APPROVED);
        assertThat(west().round()).isZero();
        assertThat(requested.latest("west")).isEqualTo("s1");
    }

    @Test
    void anOlderApprovalThatIsPlayedAgainIsRefused() throws Exception {
        approved("s1", "west");
        var old = new Wire("west", Killer.none()).waiting().getFirst();
        approved("s2", "west");
        var young = new Wire("west", Killer.none()).waiting().getLast();
        lie = release -> release.request().id().equals(old.request().id()) ? young : release;
        west().round();
        assertThat(requested.latest("west")).isEqualTo("s2");
        lie = release -> release;
        assertThat(west().round()).isEqualTo(1);
        assertThat(requested.latest("west")).isEqualTo("s2");
        assertThat(reason(old.request().id(), "west")).contains("has come first: it is a replay");
    }

    @Test
    void oneThatWasDoneIsToldAgainAndNotDoneAgain() throws Exception {
        var id = approved("s1", "west");
        var played = new Wire("west", Killer.none()).waiting().getFirst();
        west().round();
        requested.registries.of("west").update(requested.image(id, "west"), "by hand", "private", true);
        var again = new ArrayList<RegionState>();
        var replayed = new PullingPublisher(
                new ApprovedReleases() {
                    @Override
                    public List<ApprovedRelease> waiting() {
                        return List.of(played);
                    }

                    @Override
                    public ApprovedRelease report(ApprovedRelease release, RegionState state, @Nullable String reason) {
                        again.add(state);
                        return release;
                    }
                },
                new Trust(requested.signer, new PlainReleases(), kinds),
                new RegionPublisher(requested.registries.of("west"), requested.measurer),
                westLog,
                Duration.ofMinutes(5),
                () -> requested.now,
                said::add);
        assertThat(replayed.round()).isZero();
        assertThat(again).containsExactly(RegionState.PUBLISHED);
        assertThat(requested.latest("west")).isEqualTo("nothing");
    }

    @Test
    void anotherApprovalWithANonceThatWasUsedIsRefused() throws Exception {
        var id = approved("s1", "west");
        westLog.write(
                new PublisherLog.Entry(nonce(id), "other", "Other", requested.now, "d".repeat(64), requested.now));
        assertThat(west().round()).isEqualTo(1);
        assertThat(reason(id, "west")).contains("had the same nonce");
    }

    @Test
    void a_file_in_another_disk_format_is_published_by_the_signed_statement_that_names_it() throws Exception {
        var west = new InMemoryRegistry("west", DiskFormat.RAW, () -> requested.now);
        requested = new Requested(folder, requested.signer, new Registries(List.of(west)));
        factory = requested.publisher(false);
        var id = requested.by("anna", "s1", "west");
        factory.approve(id, "bea");

        west().round();
        assertThat(said.getLast()).contains("is in the disk format “raw”, and no signed statement");
        assertThat(requested.latest("west")).isEqualTo("nothing");

        requested.now = requested.now.plus(Duration.ofHours(1));
        var sha256 = requested.requests.find(id).orElseThrow().sha256();
        var release = Sha256.of(Requested.checksums(sha256));
        for (var wrong : List.of(
                PlainReleases.statement("raw", "f".repeat(64), sha256, release),
                PlainReleases.statement("raw", sha256, "f".repeat(64), release),
                PlainReleases.statement("raw", sha256, sha256, "f".repeat(64)),
                "un" + PlainReleases.statement("raw", sha256, sha256, release))) {
            statements = List.of(wrong);
            assertThat(west().round()).as(wrong).isPositive();
            assertThat(requested.latest("west")).as(wrong).isEqualTo("nothing");
        }
        statements = List.of(
                PlainReleases.statement("raw", "f".repeat(64), sha256, release),
                PlainReleases.statement("raw", sha256, sha256, release));
        west().round();
        assertThat(said.getLast()).contains("two statements name different files in raw");

        statements = List.of(PlainReleases.statement("raw", sha256, sha256, release));
        assertThat(west().round()).isZero();
        assertThat(requested.latest("west")).isEqualTo("s1");
    }

    @Test
    void the_factory_knows_of_its_own_regions_what_it_has_converted_for_them() throws Exception {
        var own = new InMemoryRegistry("own-a", DiskFormat.RAW, () -> requested.now);
        requested = new Requested(folder, requested.signer, new Registries(List.of(own)));
        factory = requested.publisher(false, "own-a");
        var id = requested.by("anna", "s1", "own-a");
        var refused = factory.approve(id, "bea");
        assertThat(refused.in("own-a").orElseThrow().reason()).contains("no signed statement");

        var measured = requested.measurer.measure(folder.resolve("s1"));
        requested.journal.done(
                requested.journal.take(id, requested.now),
                StageName.COPY_TO_REGIONS,
                new ImageCopied(List.of(), List.of(new Converted(DiskFormat.RAW, measured))),
                null,
                requested.now);
        factory.approve(id, "bea");
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }
}
