package org.ifaas.factory.stage;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.RunPrepared;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.image.BuilderInputs;
import org.ifaas.factory.image.Builders;
import org.ifaas.factory.image.ImageName;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;

/** Stage 6: makes the work folder on the build host, with the builder's scripts in it. A private key never goes there. */
public final class PrepareRun implements Stage<RunPrepared> {
    private static final String RUN = HostFolders.WORK + "/run";
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private final Remote remote;
    private final Builders builders;

    public PrepareRun(Remote remote, Builders builders) {
        this.remote = remote;
        this.builders = builders;
    }

    @Override
    public StageName name() {
        return StageName.PREPARE_RUN;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(HostConfigured.class);
    }

    @Override
    public Class<RunPrepared> makes() {
        return RunPrepared.class;
    }

    @Override
    public RunPrepared run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var definition = inputs.definition();
        var spawned = build.fact(HostSpawned.class);
        var plan = builders.of(definition.builder())
                .plan(new BuilderInputs(
                        definition,
                        build.fact(SourcesCheckedOut.class).folder(),
                        RUN,
                        ImageName.file(definition, inputs.serial()).replace(".qcow2", ""),
                        inputs.sources(),
                        KEYRING,
                        inputs.sourceDate(),
                        inputs.seed()));
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            connection.read(Command.of("mkdir", "-p", "--", RUN), Duration.ofMinutes(1));
            for (var file : plan.files().entrySet()) {
                var content = file.getValue().getBytes(StandardCharsets.UTF_8);
                connection.upload(new ByteArrayInputStream(content), file.getKey(), 0755);
                build.log().line("%s, %d bytes", file.getKey(), content.length);
            }
        }
        build.log().line("to run: %s", String.join(" ", plan.command().argv()));
        return new RunPrepared(RUN, plan);
    }
}
