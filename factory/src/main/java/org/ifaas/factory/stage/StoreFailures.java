package org.ifaas.factory.stage;

import java.io.IOException;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** What to say when the artifact store fails. */
final class StoreFailures {
    private StoreFailures() {}

    static StageFailure cannotWrite(String key, IOException cause) {
        return new StageFailure(
                Blame.FACTORY,
                "the artifact store can't take " + key + ": " + cause.getMessage(),
                "Make space or mend the store ('ifaas doctor' shows both), then 'ifaas retry'.",
                cause);
    }

    static StageFailure cannotRead(String key, IOException cause) {
        return new StageFailure(
                Blame.FACTORY,
                "the artifact store can't give " + key + ": " + cause.getMessage(),
                "Mend the store ('ifaas doctor' checks it), then 'ifaas retry'.",
                cause);
    }
}
