package org.ifaas.store.log;

import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageName;
import org.jdbi.v3.core.statement.SqlStatement;

/** One stage of one attempt of one build. */
record LogKey(BuildId build, int attempt, StageName stage) {
    /** How its changes are announced. */
    String channelKey() {
        return build + "/" + attempt + "/" + stage.name();
    }

    /** Where it is kept in the artifact store. */
    String artifact() {
        return "builds/" + build + "/logs/" + attempt + "/" + stage.file() + ".log";
    }

    <S extends SqlStatement<S>> S bind(S statement) {
        return statement.bind("build", build.value()).bind("attempt", attempt).bind("stage", stage.name());
    }
}
