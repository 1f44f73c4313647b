package org.ifaas.factory.stage;

import java.util.List;
import java.util.Map;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;

/** A build of the image tiny, on its way, for tests of one stage. */
final class Tiny {
    static final BuildId ID = new BuildId("k3f9x2ma");
    static final String SERIAL = "20261122-" + ID;
    static final String RELEASE = "releases/tiny/" + SERIAL;

    private Tiny() {}

    static Build build() {
        return build(Parameters.of("tiny"));
    }

    static Build build(Parameters parameters) {
        return build(ID, parameters, 1);
    }

    static Build build(BuildId id, Parameters parameters, int attempt) {
        return new Build(
                id, parameters, "anna", BuildState.RUNNING, attempt, Standing.NOW, Standing.NOW, null, null, false);
    }

    static Inputs inputs(String... regions) {
        return inputs(new OneImage("tiny").definition(), RELEASE, regions);
    }

    static Inputs inputs(ImageDefinition definition, String folder, String... regions) {
        try {
            return new Inputs(
                    new OneImage("tiny").resolve("tiny", null),
                    definition,
                    SERIAL,
                    "tiny " + SERIAL,
                    folder,
                    List.of(regions),
                    List.of(),
                    "d",
                    Map.of(),
                    null,
                    "",
                    Standing.NOW,
                    "",
                    null);
        } catch (StageFailure e) {
            throw new AssertionError(e);
        }
    }
}
