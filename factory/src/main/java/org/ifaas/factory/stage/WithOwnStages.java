package org.ifaas.factory.stage;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.definition.ImageDefinition.OwnStage;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.jspecify.annotations.Nullable;

/**
 * A stage with the scripts that the definition has added before and after it. They run on the build host, whatever runs where:
 * detached, within the stage's limit and in its log. The stage is done when they are; one that fails fails it.
 */
final class WithOwnStages<F extends Fact> implements Stage<F> {
    private final Stage<F> stage;
    private final Remote remote;

    WithOwnStages(Stage<F> stage, Remote remote) {
        this.stage = stage;
        this.remote = remote;
    }

    @Override
    public StageName name() {
        return stage.name();
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return stage.needs();
    }

    @Override
    public Set<Class<? extends Fact>> needs(Facts facts) {
        var needs = new HashSet<>(stage.needs(facts));
        // The thing that it makes lives on without the host: only the scripts need one, which a retry has spawned anew.
        if (stage.makes() != SourcesCheckedOut.class
                && facts.find(Inputs.class)
                        .filter(inputs -> !own(inputs).isEmpty())
                        .isPresent()) {
            needs.add(SourcesCheckedOut.class);
        }
        return needs;
    }

    @Override
    public Class<F> makes() {
        return stage.makes();
    }

    @Override
    public Set<Class<? extends Fact>> restsOn() {
        return stage.restsOn();
    }

    @Override
    public boolean sparesOthers(Blame blame, Facts facts) {
        return stage.sparesOthers(blame, facts);
    }

    @Override
    public void checkReplaceable(BuildId build) throws StageFailure {
        stage.checkReplaceable(build);
    }

    @Override
    public boolean holds(F fact, StageContext build) {
        return stage.holds(fact, build);
    }

    @Override
    public void checkRoom(StageContext build) throws StageFailure, InterruptedException {
        stage.checkRoom(build);
    }

    @Override
    public F run(StageContext build) throws StageFailure, InterruptedException {
        run(own(true, build), build, null);
        var fact = stage.run(build);
        run(own(false, build), build, fact);
        return fact;
    }

    private List<OwnStage> own(Inputs inputs) {
        return inputs.definition().stages().stream()
                .filter(own -> own.stage().equals(name().slug()))
                .toList();
    }

    private List<OwnStage> own(boolean before, StageContext build) {
        return own(build.fact(Inputs.class)).stream()
                .filter(own -> own.before() == before)
                .toList();
    }

    /** Until the image is built, the builder's own; then, on whatever host, what is known of the image. */
    private Map<String, String> environment(String folder, StageContext build, @Nullable Fact made) {
        var environment = new HashMap<>(Map.of("IFAAS_DEFINITION", folder));
        if (name().compareTo(StageName.BUILD_IMAGE) <= 0) {
            known(RunPrepared.class, build, made)
                    .ifPresent(prepared ->
                            environment.putAll(prepared.plan().command().environment()));
        } else {
            environment.put("IFAAS_SERIAL", build.fact(Inputs.class).serial());
            environment.put(
                    "IFAAS_SHA256",
                    build.fact(ImageBuilt.class).measured().digests().sha256());
        }
        return environment;
    }

    /** @param made by the stage just now; null before it */
    private void run(List<OwnStage> scripts, StageContext build, @Nullable Fact made)
            throws StageFailure, InterruptedException {
        if (scripts.isEmpty()) {
            return;
        }
        var folder = known(SourcesCheckedOut.class, build, made).orElseThrow().folder();
        var environment = environment(folder, build, made);
        var spawned = build.fact(HostSpawned.class);
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            for (var own : scripts) {
                var when = (own.before() ? "before " : "after ") + own.stage();
                build.log().line("== %s, %s: %s", own.name(), when, own.script());
                environment.put("IFAAS_STAGE", when);
                var id = "own-" + own.name() + "-" + build.build().attempt();
                var last = new LastLine();
                int code = connection.follow(
                        id,
                        new Command(List.of(folder + "/" + own.script()), environment, folder),
                        build.log().heardBy(last::hear),
                        build.limit());
                if (code != 0) {
                    throw failure(own, when, code, last.text);
                }
                build.log().line("== %s is done", own.name());
            }
        }
    }

    private static <T extends Fact> Optional<T> known(Class<T> type, StageContext build, @Nullable Fact made) {
        return type.isInstance(made) ? Optional.of(type.cast(made)) : build.find(type);
    }

    private static StageFailure failure(OwnStage own, String when, int code, String last) {
        return new StageFailure(
                Blame.IMAGE,
                "the definition's own stage %s (%s, %s) ended with exit code %d; its last line: %s"
                        .formatted(own.name(), own.script(), when, code, last),
                code == 126
                        ? "Make the script executable: git update-index --chmod=+x, commit and build again."
                        : "Read the log of this stage from \"== %s\" on, mend the definition, commit and build again."
                                .formatted(own.name()));
    }

    private static final class LastLine {
        private volatile String text = "";

        void hear(String line) {
            if (!line.isBlank()) {
                text = line.strip();
            }
        }
    }
}
