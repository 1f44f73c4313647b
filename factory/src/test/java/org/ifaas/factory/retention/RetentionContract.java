package org.ifaas.factory.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.MortalStore;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.Killer;
import org.ifaas.factory.publish.MortalRegistry;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.junit.jupiter.api.Test;

/** What retention removes and what it keeps, wherever things are kept. */
public interface RetentionContract {
    Instant T0 = Instant.parse("2026-11-01T10:00:00Z");
    Instant LATER = T0.plus(Duration.ofDays(400));
    RetentionPolicy POLICY =
            new RetentionPolicy(true, Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(30), 1, 100);

    Journal journal();

    PublicationRequests requests();

    Logs logs();

    Outdated outdated();

    AuditLog audit();

    ArtifactStore store();

    /** The region {@code here}. */
    Registry registry();

    /** A folder for files that the test needs. */
    Path folder();

    private Retention retention(RetentionPolicy policy, Killer killer) {
        return retention(outdated(), policy, killer);
    }

    private Retention retention(Outdated outdated, RetentionPolicy policy, Killer killer) {
        return new Retention(
                outdated,
                journal(),
                logs(),
                new MortalStore(store(), killer),
                new Registries(List.of(new MortalRegistry(registry(), killer))),
                audit(),
                policy,
                () -> LATER);
    }

    private Retention retention() {
        return retention(POLICY, Killer.none());
    }

    /** A release with a private image, files and a log, of a build that ended so many days after the first. */
    private BuildId release(int day) throws Exception {
        var id = BuildId.random();
        journal().create(id, Parameters.of("tiny"), "anna", T0);
        var lease = journal().take(id, T0);
        var tiny = new OneImage("tiny");
        var serial = "20261101-" + id;
        var inputs = new Inputs(
                tiny.resolve("tiny", null),
                tiny.definition(),
                serial,
                "Tiny_" + serial,
                "releases/tiny/" + serial,
                List.of("here"),
                List.of(),
                "d",
                Map.of(),
                null,
                "",
                T0,
                "",
                null);
        journal().done(lease, StageName.INITIALIZE, inputs, null, T0);
        try (var log = logs().open(id, 1, StageName.BUILD_IMAGE)) {
            log.line("built");
        }
        store().write(inputs.releaseFolder() + "/files/tiny.qcow2", "the image");
        store().write(inputs.releaseFolder() + "/SHA256SUMS", "sums");
        store().write("builds/" + id + "/packages-offered.tsv", "packages");
        var file = Files.writeString(folder().resolve(serial), "image " + serial);
        var image = registry()
                .register(
                        new NewImage(inputs.imageName(), file, new PlainMeasurer().measure(file), Map.of()),
                        text -> {});
        journal()
                .done(
                        lease,
                        StageName.REGISTER_PRIVATE_IMAGE,
                        new ImageRegistered(image.ref(), image.name(), "sha512", image.hashValue(), null),
                        null,
                        T0);
        journal()
                .done(
                        lease,
                        StageName.SIGN_IMAGE,
                        new ReleaseSealed(inputs.releaseFolder(), "ab", "cd", T0, List.of()),
                        null,
                        T0);
        journal().end(lease, BuildState.SUCCEEDED, null, T0.plus(Duration.ofDays(day)));
        return id;
    }

    private String image(BuildId id) {
        return journal().facts(id).get(ImageRegistered.class).image().id();
    }

    private void assertWhole(BuildId id) throws Exception {
        assertThat(store().list(journal().facts(id).get(Inputs.class).releaseFolder()))
                .hasSize(2);
        assertThat(registry().find(image(id))).isPresent();
        assertThat(logs().size(id).files()).isEqualTo(1);
        assertThat(logs().read(id, 1, StageName.BUILD_IMAGE, 0, Duration.ZERO).text())
                .isEqualTo("built\n");
    }

    private void assertGone(BuildId id) throws Exception {
        var facts = journal().facts(id);
        assertThat(store().list(facts.get(Inputs.class).releaseFolder())).isEmpty();
        assertThat(store().list("builds/" + id)).isEmpty();
        assertThat(registry().find(image(id))).isEmpty();
        assertThat(logs().size(id)).isEqualTo(new Logs.Room(0, 0));
        assertThat(facts.get(ArtifactsRemoved.class).done()).isEqualTo(LATER);
        assertThat(facts.get(ArtifactsRemoved.class).files()).isEqualTo(3);
        assertThat(facts.get(ArtifactsRemoved.class).bytes()).isEqualTo(9 + 4 + 8);
        assertThat(facts.get(LogsRemoved.class).done()).isEqualTo(LATER);
        assertThat(journal().find(id)).isPresent();
    }

    private List<String> removals() {
        return audit().list(100, null).stream()
                .filter(entry -> entry.who().equals(Retention.WHO))
                .map(AuditEntry::action)
                .sorted()
                .toList();
    }

    @Test
    default void a_release_that_was_never_published_goes_with_its_private_image_and_its_logs_and_the_newest_stays()
            throws Exception {
        var old = release(0);
        var newest = release(1);
        assertThat(retention().next())
                .containsExactly(
                        new Retention.Due(old, "tiny", "artifacts", 3, 21, null),
                        new Retention.Due(old, "tiny", "logs", 1, 6, null));
        assertWhole(old);
        retention().round();
        assertGone(old);
        assertWhole(newest);
        assertThat(removals()).containsExactly("artifacts-removed", "logs-removed");
        retention().round();
        assertThat(removals()).hasSize(2);
        assertThat(retention().next()).isEmpty();
    }

    @Test
    default void a_release_whose_image_is_public_or_hidden_in_a_region_stays_whole_and_says_why() throws Exception {
        var shown = release(0);
        var hidden = release(1);
        release(2);
        registry().update(image(shown), "Tiny_latest", "public", false);
        registry().update(image(hidden), "Tiny_prev1", "private", true);
        retention().round();
        assertThat(store().list(journal().facts(shown).get(Inputs.class).releaseFolder()))
                .hasSize(2);
        assertThat(registry().find(image(shown))).isPresent();
        assertThat(registry().find(image(hidden))).isPresent();
        assertThat(journal().facts(shown).has(ArtifactsRemoved.class)).isFalse();
        assertThat(retention().next())
                .extracting(Retention.Due::stays)
                .containsExactly(
                        "image " + image(shown) + " is public in region here as Tiny_latest",
                        "image " + image(hidden) + " is hidden in region here as Tiny_prev1");
    }

    @Test
    default void a_release_whose_publication_is_asked_for_stays_whole() throws Exception {
        var asked = release(0);
        release(1);
        var again = journal().reopen(asked, Set.of(), T0);
        var lease = journal().take(again.id(), T0);
        requests().create(lease, PublicationRequest.pending(asked, "tiny", "s", "Tiny", "ab", List.of(), "anna", T0));
        journal().end(lease, BuildState.SUCCEEDED, null, T0);
        retention().round();
        assertWhole(asked);
        assertThat(removals()).isEmpty();
    }

    /**
     * A round in which things happen after it has begun.
     *
     * @param listed after what is over its time was listed
     * @param looked after a look at one of them
     */
    record Changing(Outdated outdated, Runnable listed, Runnable looked) implements Outdated {
        @Override
        public List<BuildId> logs(RetentionPolicy policy, Instant now, int limit) {
            return outdated.logs(policy, now, limit);
        }

        @Override
        public boolean areLogsOver(BuildId build, RetentionPolicy policy, Instant now) {
            return outdated.areLogsOver(build, policy, now);
        }

        @Override
        public List<BuildId> artifacts(RetentionPolicy policy, Instant now, int limit) {
            var artifacts = outdated.artifacts(policy, now, limit);
            listed.run();
            return artifacts;
        }

        @Override
        public boolean areArtifactsOver(BuildId build, RetentionPolicy policy, Instant now) {
            boolean over = outdated.areArtifactsOver(build, policy, now);
            looked.run();
            return over;
        }
    }

    @Test
    default void what_is_wanted_again_since_the_round_began_stays_whole() throws Exception {
        var old = release(0);
        release(1);
        Runnable retry = () -> {
            var lease = journal().take(journal().reopen(old, Set.of(), T0).id(), T0);
            requests().create(lease, PublicationRequest.pending(old, "tiny", "s", "Tiny", "ab", List.of(), "anna", T0));
            journal().end(lease, BuildState.SUCCEEDED, null, T0);
        };
        retention(new Changing(outdated(), retry, () -> {}), POLICY, Killer.none())
                .round();
        assertWhole(old);
        assertThat(journal().facts(old).has(ArtifactsRemoved.class)).isFalse();
        assertThat(removals()).isEmpty();
    }

    @Test
    default void a_release_whose_signature_anew_has_just_begun_goes_when_that_has_ended() throws Exception {
        var old = release(0);
        release(1);
        var again = BuildId.random();
        Runnable resign = () -> {
            if (journal().find(again).isEmpty()) {
                journal().create(again, Parameters.resign("tiny", old), "anna", T0);
            }
        };
        retention(new Changing(outdated(), () -> {}, resign), POLICY, Killer.none())
                .round();
        assertWhole(old);
        assertThatThrownBy(() -> journal().requireArtifacts(old)).hasMessageContaining("were removed");
        journal().end(journal().take(again, T0), BuildState.FAILED, null, LATER);
        retention().round();
        assertGone(old);
    }

    @Test
    default void what_a_crash_has_interrupted_goes_on_and_leaves_nothing() throws Exception {
        var old = release(0);
        for (int step = 0; ; step++) {
            var newest = release(step + 1);
            boolean killed = false;
            try {
                retention(POLICY, new Killer(step)).round();
            } catch (Killer.Killed dead) {
                killed = true;
                var begun = old;
                assertThat(journal().facts(begun).has(ArtifactsRemoved.class)).isTrue();
                assertThatThrownBy(() -> journal().reopen(begun, Set.of(), LATER))
                        .hasMessageContaining("were removed");
            }
            retention().round();
            assertGone(old);
            assertWhole(newest);
            assertThat(removals()).hasSize(2 * step + 2);
            if (!killed) {
                assertThat(step).isEqualTo(6);
                return;
            }
            old = newest;
        }
    }

    @Test
    default void a_round_has_an_end_and_nothing_goes_where_it_is_switched_off() throws Exception {
        var old = List.of(release(0), release(1), release(2));
        var newest = release(3);
        var off = new RetentionPolicy(false, POLICY.logs(), POLICY.failed(), POLICY.unpublished(), 1, 100);
        retention(off, Killer.none()).round();
        assertThat(retention(off, Killer.none()).next()).hasSize(6);
        for (var each : old) {
            assertWhole(each);
        }
        var two = new RetentionPolicy(true, POLICY.logs(), POLICY.failed(), POLICY.unpublished(), 1, 2);
        retention(two, Killer.none()).round();
        assertThat(journal().facts(old.get(1)).has(ArtifactsRemoved.class)).isTrue();
        assertWhole(old.getLast());
        for (int round = 0; round < 5; round++) {
            retention(two, Killer.none()).round();
        }
        for (var each : old) {
            assertGone(each);
        }
        assertWhole(newest);
    }
}
