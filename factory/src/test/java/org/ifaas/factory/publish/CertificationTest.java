package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.definition.ImageDefinition.CertificationStep;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.Certification.Said;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.signing.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final int MOST = 100;

    @TempDir
    Path folder;

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> NOW);
    private final BuildId build = BuildId.random();
    private PlainArtifactStore store;
    private Certification certification;
    private Publisher publisher;
    private Lease lease;

    @BeforeEach
    void aReleaseThatWaits() throws Exception {
        store = new PlainArtifactStore(folder);
        var policy = PublicationPolicy.defaults();
        certification = certification(policy);
        publisher = new Publisher(
                requests,
                new Approvals(requests, journal, new PlainApprovals(), policy, () -> NOW),
                certification,
                new OwnRegions(Set.of(), new Registries(List.of()), new PlainMeasurer()),
                policy,
                audit,
                () -> NOW);
        journal.create(build, Parameters.of("tiny"), "anna", NOW);
        lease = journal.take(build, NOW);
        journal.done(lease, StageName.INITIALIZE, inputs(), null, NOW);
        built("ab");
        journal.done(lease, StageName.SIGN_IMAGE, new ReleaseSealed("f", "d", "K", NOW, List.of()), null, NOW);
        requests.create(lease, request());
    }

    private Certification certification(PublicationPolicy policy) {
        return new Certification(journal, new InMemoryConfirmations(), requests, store, policy, audit, MOST, () -> NOW);
    }

    @Test
    void withFourEyesWhoeverAskedForTheBuildRefusesAStepAndConfirmsNone() throws Exception {
        var defaults = PublicationPolicy.defaults();
        var strict = certification(
                new PublicationPolicy(true, defaults.byPolicy(), defaults.approvalValid(), defaults.retry()));
        var confirms = new Said(true, "looked at it", "", null);
        var refused = catchThrowableOfType(Publisher.Refused.class, () -> strict.say(build, "legal", confirms, "Anna"));
        assertThat(refused).hasMessage("whoever asked for a build can't confirm its certification");
        assertThat(refused.value()).isEqualTo("Anna");
        assertThat(audit.said()).isEmpty();
        strict.say(build, "legal", new Said(false, "not yet", "", null), "anna");
        assertThat(strict.say(build, "legal", confirms, "carl").getLast().confirmed())
                .isTrue();
        assertThat(certification.say(build, "legal", confirms, "anna").getLast().confirmed())
                .as("without four-eyes")
                .isTrue();
    }

    @Test
    void aReleaseWithOpenStepsIsNotApprovedAndTheyAreNamed() throws Exception {
        var refused = catchThrowableOfType(Publisher.Refused.class, () -> publisher.approve(build, "bea"));
        assertThat(refused.field()).isEqualTo("certification");
        assertThat(refused.value()).isEqualTo("scan, legal");
        assertThat(refused)
                .hasMessageContaining("No critical vulnerability (scan) is not confirmed")
                .hasMessageContaining("Licences (legal) is not confirmed");
        assertThat(refused.mend()).contains("ifaas confirm " + build);
        assertThat(requests.find(build).orElseThrow().state()).isEqualTo(State.PENDING);
        assertThat(audit.said()).isEmpty();
    }

    @Test
    void oneThatIsCertifiedIs() throws Exception {
        confirm("scan");
        confirm("legal");
        assertThat(publisher.approve(build, "bea").state()).isEqualTo(State.APPROVED);
    }

    @Test
    void aRefusedStepHoldsItUpUntilItIsConfirmed() throws Exception {
        confirm("scan");
        certification.say(build, "legal", new Said(false, "GPL in the firmware", "", null), "carl");
        var refused = catchThrowableOfType(Publisher.Refused.class, () -> publisher.approve(build, "bea"));
        assertThat(refused.value()).isEqualTo("legal");
        assertThat(refused).hasMessageContaining("was refused by carl");
        confirm("legal");
        assertThat(publisher.approve(build, "bea").state()).isEqualTo(State.APPROVED);
    }

    @Test
    void whatWasSaidOfAnotherImageOfTheBuildDoesNotCount() throws Exception {
        confirm("scan");
        confirm("legal");
        built("cd");
        assertThat(certification.checklist(build)).noneMatch(Certification.Step::confirmed);
    }

    @Test
    void evidenceIsKeptWithTheBuildAndItsDigestInTheAuditLog() throws Exception {
        var said = new Said(true, "", "", file("../../Report (final).pdf", "all is well"));
        var step = certification.say(build, "scan", said, "scanner").getFirst();

        var evidence = step.confirmation().evidence();
        assertThat(evidence.name()).isEqualTo("Report--final-.pdf");
        assertThat(evidence.key())
                .isEqualTo("builds/" + build + "/certification/scan/20261122T100000.000-Report--final-.pdf");
        assertThat(store.read(evidence.key())).isEqualTo("all is well");
        assertThat(evidence.sha256()).isEqualTo(Sha256.of("all is well"));
        assertThat(audit.said()).containsExactly("scanner step-confirmed " + build);
        assertThat(audit.list(1, null).getFirst().details())
                .containsEntry("step", "scan")
                .containsEntry("evidence sha256", Sha256.of("all is well"));
    }

    @Test
    void evidenceThatIsTooLargeOrEmptyIsRefusedAndDoesNotStay() throws Exception {
        for (var content : List.of("x".repeat(MOST + 1), "")) {
            var refused = catchThrowableOfType(
                    Publisher.Refused.class,
                    () -> certification.say(build, "scan", new Said(true, "", "", file("a", content)), "bea"));
            assertThat(refused.field()).isEqualTo("evidence");
            assertThat(refused.mend()).isNotEmpty();
        }
        assertThat(store.list("builds")).isEmpty();
        assertThat(audit.said()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scam|true|well|''|step",
                "scan|true|''|''|evidence",
                "scan|false|''|https://example.org/7|note",
                "scan|true|well|javascript:alert(1)|evidence",
                "scan|true|well|file:///etc/passwd|evidence",
                "scan|true|well|https:|evidence"
            })
    void whatIsNotCompleteIsRefusedWithTheFieldAndTheMend(
            String step, boolean confirms, String note, String address, String field) {
        var refused = catchThrowableOfType(
                Publisher.Refused.class,
                () -> certification.say(build, step, new Said(confirms, note, address, null), "bea"));
        assertThat(refused.field()).isEqualTo(field);
        assertThat(refused.mend()).isNotEmpty();
        assertThat(audit.said()).isEmpty();
    }

    @Test
    void whatIsDecidedIsCertifiedNoMore() throws Exception {
        publisher.reject(build, "bea", "too old");
        var refused = catchThrowableOfType(Publisher.Refused.class, () -> confirm("scan"));
        assertThat(refused).hasMessageContaining("REJECTED already");
    }

    private void confirm(String step) throws Exception {
        certification.say(build, step, new Said(true, "looked at it", "https://example.org/7", null), "carl");
    }

    private static Certification.File file(String name, String content) {
        return new Certification.File(name, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private void built(String sha256) {
        var measured = new Measured(1, new Digests("1", sha256, "3"));
        journal.done(
                lease,
                StageName.BUILD_IMAGE,
                new ImageBuilt("k", measured, 1, "p", 1, null, null, List.of()),
                null,
                NOW);
    }

    private PublicationRequest request() {
        return PublicationRequest.pending(build, "tiny", "s1", "Tiny", "ab", List.of(), "anna", NOW);
    }

    private static Inputs inputs() throws Exception {
        var tiny = new OneImage("tiny");
        var definition = tiny.definition(
                List.of(),
                List.of(
                        new CertificationStep("scan", "No critical vulnerability", "Security"),
                        new CertificationStep("legal", "Licences", "")));
        return new Inputs(
                tiny.resolve("tiny", null),
                definition,
                "s1",
                "tiny",
                "releases/tiny/s1",
                List.of(),
                List.of(),
                "d",
                Map.of(),
                null,
                "",
                NOW,
                "",
                null);
    }
}
