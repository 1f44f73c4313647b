package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition.CertificationStep;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.source.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalByPolicyTest {
    private static final ImagePatterns TINY = ImagePatterns.of(Set.of("tin*"));
    private static final PublicationPolicy POLICY = new PublicationPolicy(
            true,
            TINY,
            PublicationPolicy.defaults().approvalValid(),
            PublicationPolicy.defaults().retry());

    @TempDir
    Path folder;

    private Requested requested;

    @BeforeEach
    void factory() {
        requested = new Requested(folder);
    }

    @Test
    void whatThePolicyNamesIsApprovedByItAndSaysSoEverywhere() throws Exception {
        var publisher = requested.publisher(true, TINY, "own-a");
        var id = release(true, List.of());

        publisher.approveByPolicy();

        var approved = requested.requests.find(id).orElseThrow();
        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.how()).isEqualTo("approved by policy");
        assertThat(approved.decidedBy()).isEqualTo("policy");
        var statement = requested.signer.open(approved.approval().envelope());
        assertThat(statement.how()).isEqualTo("approved by policy");
        assertThat(statement.approver()).isEqualTo("policy");
        assertThat(requested.audit.said()).containsExactly("policy publication-approved " + id);
        publisher.publishApproved();
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    @Test
    void withoutAPolicyNothingIsApproved() throws Exception {
        var id = release(true, List.of());
        requested.publisher(false, "own-a").approveByPolicy();
        requested
                .publisher(false, ImagePatterns.of(Set.of("debian-*")), "own-a")
                .approveByPolicy();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PENDING);
    }

    @Test
    void whatHasToBeCertifiedWaitsForThat() throws Exception {
        var publisher = requested.publisher(true, TINY, "own-a");
        var id = release(true, List.of(new CertificationStep("scan", "No vulnerability", "Security")));
        built(id);
        publisher.approveByPolicy();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(State.PENDING);
    }

    @Test
    void whatWouldTakeThePlaceOfSomethingNewerWaitsForSomebody() throws Exception {
        var publisher = requested.publisher(true, TINY, "own-a");
        var older = release(true, List.of());
        var younger = requested.by("anna", "s2", "own-a");
        publisher.approve(younger, "bea");
        assertThat(requested.latest("own-a")).isEqualTo("s2");
        publisher.approveByPolicy();
        assertThat(requested.requests.find(older).orElseThrow().state()).isEqualTo(State.PENDING);
        assertThat(publisher.approve(older, "bea").state()).isEqualTo(State.PUBLISHED);
        assertThat(requested.latest("own-a")).isEqualTo("s1");
    }

    @Test
    void onlyWhatIsTestedAndComesFromWhatTheOperatorsTrustIsApproved() throws Exception {
        var tested = tested(12);
        assertThat(approves(Parameters.of("tiny"), inputs(true, List.of()), tested))
                .isTrue();
        assertThat(approves(Parameters.of("tiny"), inputs(false, List.of()), tested))
                .as("of a repository that is not trusted")
                .isFalse();
        assertThat(approves(Parameters.of("other"), inputs(true, List.of()), tested))
                .as("not named")
                .isFalse();
        assertThat(approves(Parameters.test("tiny", "own-a/1", null), inputs(true, List.of()), tested))
                .as("somebody's file")
                .isFalse();
        assertThat(approves(at("feature"), inputs(true, List.of()), tested))
                .as("at a ref that the requester has chosen")
                .isFalse();
        assertThat(approves(Parameters.of("tiny"), inputs(true, List.of()), ImageTested.NOT_RUN))
                .as("not tested")
                .isFalse();
        assertThat(approves(Parameters.of("tiny"), inputs(true, List.of()), tested(0)))
                .as("no test passed")
                .isFalse();
        assertThat(approves(Parameters.of("tiny"), tested))
                .as("nothing is known")
                .isFalse();
    }

    private boolean approves(Parameters parameters, Fact... facts) {
        var id = BuildId.random();
        Build build = requested.journal.create(id, parameters, "anna", requested.now);
        return POLICY.approves(build, new Facts(List.of(facts)));
    }

    private static Parameters at(String ref) {
        var of = Parameters.of("tiny");
        return new Parameters("tiny", ref, of.regions(), null, of.host(), null, true, false, true, List.of(), null);
    }

    private BuildId release(boolean trusted, List<CertificationStep> steps) throws Exception {
        var id = requested.by("anna", "s1", "own-a");
        var lease = requested.journal.take(id, requested.now);
        requested.journal.done(lease, StageName.INITIALIZE, inputs(trusted, steps), null, requested.now);
        requested.journal.done(lease, StageName.TEST_IMAGE, tested(12), null, requested.now);
        return id;
    }

    private void built(BuildId id) throws Exception {
        var request = requested.requests.find(id).orElseThrow();
        var lease = requested.journal.take(id, requested.now);
        requested.journal.done(
                lease,
                StageName.BUILD_IMAGE,
                new ImageBuilt(
                        "key",
                        requested.measurer.measure(folder.resolve(request.serial())),
                        1,
                        "packages",
                        0,
                        null,
                        null,
                        null),
                null,
                requested.now);
    }

    private static ImageTested tested(int passed) {
        return new ImageTested(false, passed, 1, "TCG", 30, Map.of(), List.of(), List.of());
    }

    private static Inputs inputs(boolean trusted, List<CertificationStep> steps) throws Exception {
        var tiny = new OneImage("tiny");
        var source = tiny.resolve("tiny", null);
        return new Inputs(
                new Repository.Resolved(
                        source.image(), source.repository(), source.path(), source.commit(), source.author(), trusted),
                tiny.definition(List.of(), steps),
                "s1",
                "tiny",
                "releases/tiny/s1",
                List.of(),
                List.of(),
                "d",
                Map.of(),
                null,
                "",
                Instant.EPOCH,
                "",
                null);
    }
}
