package org.ifaas.server.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.api.ApprovalView;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.FlavorView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.RemovedView;
import org.ifaas.api.RequestView;
import org.ifaas.api.StageView;
import org.ifaas.api.StepView;
import org.ifaas.api.TestsView;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.fact.Removed;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.factory.suite.FlavorResults;
import org.jspecify.annotations.Nullable;

/** The journal's records as the interface shows them. */
public final class Views {
    /** A mend. */
    static final String CHOOSE_STAGE = "Choose among "
            + Arrays.stream(StageName.values()).map(StageName::slug).collect(Collectors.joining(", ")) + ".";

    private final Journal journal;
    private final PublicationRequests requests;
    private final ArtifactStore store;
    private final Certification certification;
    private final LastLine lastLine;

    /** The newest line of a stage's log. */
    @FunctionalInterface
    public interface LastLine {
        @Nullable
        String of(BuildId build, int attempt, StageName stage);
    }

    public Views(
            Journal journal,
            PublicationRequests requests,
            ArtifactStore store,
            Certification certification,
            LastLine lastLine) {
        this.journal = journal;
        this.requests = requests;
        this.store = store;
        this.certification = certification;
        this.lastLine = lastLine;
    }

    BuildView brief(Build build) {
        return view(build, List.of(), null, null, null, List.of());
    }

    BuildView whole(Build build) {
        var facts = journal.facts(build.id());
        var runs = journal.stageRuns(build.id(), build.attempt()).stream()
                .collect(Collectors.toMap(StageRun::stage, Function.identity()));
        var stages = new ArrayList<StageView>();
        for (var stage : StageName.values()) {
            stages.add(stage(build, stage, runs));
        }
        return view(build, stages, facts, releaseOf(build, facts), tests(build, facts), certification(build.id()));
    }

    /** Its own, or the one that it signs anew. */
    private @Nullable ReleaseView releaseOf(Build build, Facts facts) {
        var release = build.parameters().release();
        if (release == null) {
            return release(build, facts);
        }
        var other = new BuildId(release);
        return journal.find(other).map(of -> release(of, journal.facts(other))).orElse(null);
    }

    private static BuildView view(
            Build build,
            List<StageView> stages,
            @Nullable Facts facts,
            @Nullable ReleaseView release,
            @Nullable TestsView tests,
            List<StepView> certification) {
        var inputs = facts == null ? null : facts.find(Inputs.class).orElse(null);
        return new BuildView(
                build.id().value(),
                parameters(build.parameters()),
                build.requester(),
                build.state().name(),
                build.attempt(),
                build.requested(),
                build.started(),
                build.ended(),
                build.reason(),
                inputs == null ? null : inputs.source().commit(),
                inputs == null ? null : inputs.serial(),
                stages,
                release,
                inputs == null ? null : inputs.unchangedSince(),
                tests,
                certification,
                allRemoved(facts));
    }

    List<StepView> certification(BuildId build) {
        return certification.checklist(build).stream().map(this::step).toList();
    }

    private StepView step(Certification.Step step) {
        var said = step.confirmation();
        var evidence = said == null ? null : said.evidence();
        var key = evidence == null ? null : evidence.key();
        return new StepView(
                step.step().name(),
                step.step().title(),
                step.step().who(),
                said == null ? "OPEN" : said.confirmed() ? "CONFIRMED" : "REFUSED",
                said == null ? null : said.by(),
                said == null ? null : said.at(),
                said == null ? null : said.note(),
                evidence == null
                        ? null
                        : key == null ? evidence.name() : store.path(key).toString(),
                evidence == null ? null : evidence.sha256());
    }

    private @Nullable TestsView tests(Build build, Facts facts) {
        var inputs = facts.find(Inputs.class).orElse(null);
        if (inputs == null) {
            return null;
        }
        var results = FlavorResults.of(store, inputs);
        var tested = facts.find(ImageTested.class).orElse(null);
        if (tested == null) {
            var flavors = results.of(inputs.definition().tests().flavors(), build.attempt());
            return flavors.isEmpty()
                    ? null
                    : new TestsView(
                            flavors.stream().mapToInt(Flavor::passed).sum(),
                            flavors.stream().mapToInt(Flavor::skipped).sum(),
                            flavors.getFirst().accelerator(),
                            flavors.getFirst().bootSeconds(),
                            flavors.getFirst().figures(),
                            store.path(results.folder()).toString(),
                            flavors(flavors, results));
        }
        return new TestsView(
                tested.passed(),
                tested.skippedTests(),
                tested.accelerator(),
                tested.bootSeconds(),
                tested.figures(),
                tested.skipped() ? "" : store.path(results.folder()).toString(),
                flavors(tested.flavors(), results));
    }

    private List<FlavorView> flavors(List<Flavor> flavors, FlavorResults results) {
        return flavors.stream()
                .map(flavor -> new FlavorView(
                        flavor.name(),
                        flavor.passed(),
                        flavor.failed(),
                        flavor.skipped(),
                        flavor.accelerator(),
                        flavor.bootSeconds(),
                        store.path(results.folder(flavor.name())).toString()))
                .toList();
    }

    private StageView stage(Build build, StageName stage, Map<StageName, StageRun> runs) {
        var run = runs.get(stage);
        if (run == null) {
            var state = build.state().ended() ? StageState.SKIPPED : StageState.WAITING;
            return new StageView(
                    stage.number(), stage.slug(), stage.title(), state.name(), null, null, null, null, null, null);
        }
        return new StageView(
                stage.number(),
                stage.slug(),
                stage.title(),
                run.state().name(),
                run.started(),
                run.ended(),
                run.blame() == null ? null : run.blame().name(),
                run.message(),
                run.mend(),
                run.state() == StageState.RUNNING ? lastLine.of(build.id(), run.attempt(), stage) : null);
    }

    static BuildRequest parameters(Parameters parameters) {
        return new BuildRequest(
                parameters.image(),
                parameters.ref(),
                parameters.regions(),
                parameters.cloud(),
                parameters.host().name().toLowerCase(Locale.ROOT),
                parameters.keepHost() == null ? null : parameters.keepHost().toString(),
                parameters.runTests(),
                parameters.force(),
                parameters.requestPublication(),
                parameters.copyTo(),
                parameters.serialSuffix(),
                parameters.kind().word(),
                parameters.imageId(),
                parameters.file());
    }

    /** @throws Refusal when retention has removed them */
    public void requireArtifacts(Build build) {
        var removed = removed(journal.facts(build.id()));
        if (removed != null) {
            throw Refusal.removed(
                    removed,
                    "artifacts",
                    build.id().value(),
                    "Build it again: 'ifaas build " + build.parameters().image() + "'.");
        }
    }

    private static @Nullable ArtifactsRemoved removed(Facts facts) {
        return facts.find(ArtifactsRemoved.class)
                .filter(removed -> removed.files() > 0)
                .orElse(null);
    }

    private static List<RemovedView> allRemoved(@Nullable Facts facts) {
        if (facts == null) {
            return List.of();
        }
        var all = new ArrayList<RemovedView>();
        facts.find(ArtifactsRemoved.class)
                .filter(removed -> removed.files() > 0)
                .ifPresent(removed -> all.add(view("artifacts", removed)));
        facts.find(LogsRemoved.class).ifPresent(removed -> all.add(view("logs", removed)));
        return all;
    }

    private static RemovedView view(String what, Removed removed) {
        return new RemovedView(what, removed.decided(), removed.files(), removed.bytes(), removed.why());
    }

    @Nullable
    ReleaseView release(Build build, Facts facts) {
        var removed = removed(facts);
        var sealed = facts.find(ReleaseSealed.class).orElse(null);
        var inputs = facts.find(Inputs.class).orElse(null);
        var built = facts.find(ImageBuilt.class).orElse(null);
        if (sealed == null || inputs == null || built == null) {
            return null;
        }
        var images = new ArrayList<ImageRef>();
        facts.find(ImageRegistered.class).ifPresent(registered -> images.add(registered.image()));
        facts.find(ImageCopied.class).ifPresent(copied -> images.addAll(copied.images()));
        var folder = store.path(sealed.folder());
        var file = built.key().substring(sealed.folder().length() + 1);
        return new ReleaseView(
                build.parameters().image() + "/" + inputs.serial(),
                build.parameters().image(),
                inputs.serial(),
                build.id().value(),
                folder.toString(),
                file,
                built.measured().size(),
                built.measured().digests().sha256(),
                images.stream().map(Views::image).toList(),
                facts.find(ImageTested.class).map(Views::tests).orElse("not run"),
                requests.find(build.id()).map(request -> request.state().name()).orElse("NONE"),
                sealed.keyFingerprint(),
                sealed.sealed(),
                List.of(
                        "cd " + word(folder.toString()),
                        "gpgv --keyring ./release-key.gpg SHA256SUMS.asc SHA256SUMS",
                        "sha256sum --check --strict --quiet SHA256SUMS",
                        "hashdeep -r -l -a -k AUDIT.hashdeep files"),
                removed == null ? null : removed.decided());
    }

    /** As a shell reads it. */
    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./:=@%+,~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String tests(ImageTested tested) {
        if (tested.skipped()) {
            return "not run";
        }
        var flavors = tested.flavors().stream().map(Flavor::name).collect(Collectors.joining(", "));
        return tested.passed() + " passed, " + tested.skippedTests() + " skipped"
                + (flavors.isEmpty() ? "" : " on " + flavors);
    }

    static String image(ImageRef image) {
        return image.region() + "/" + image.id();
    }

    RequestView request(PublicationRequest request) {
        return new RequestView(
                request.id().value(),
                request.image(),
                request.serial(),
                request.publishAs(),
                request.sha256(),
                request.images().stream().map(Views::image).toList(),
                request.requester(),
                request.state().name(),
                request.requested(),
                request.decidedBy(),
                request.decided(),
                request.how(),
                request.reason(),
                approval(request.approval()),
                request.regions().stream()
                        .map(one ->
                                new RequestView.Region(one.region(), one.state().name(), one.reason(), one.changed()))
                        .toList(),
                certification(request.id()));
    }

    private static @Nullable ApprovalView approval(@Nullable SignedApproval approval) {
        return approval == null
                ? null
                : new ApprovalView(
                        approval.envelope(),
                        approval.key(),
                        approval.issued(),
                        approval.expires(),
                        approval.nonce(),
                        approval.without());
    }

    static Optional<StageName> stage(String name) {
        return Arrays.stream(StageName.values())
                .filter(stage -> stage.slug().equals(name)
                        || Integer.toString(stage.number()).equals(name))
                .findFirst();
    }

    static StageName stageNamed(String name) {
        return stage(name).orElseThrow(() -> Refusal.notFound("stage", name, CHOOSE_STAGE));
    }
}
