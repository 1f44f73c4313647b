package org.ifaas.server.console;

import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageName;

/** The build that an address names, an attempt of it and a stage; what there is not is answered with 404. */
final class AskedBuild {
    private AskedBuild() {}

    static Build find(Journal journal, Exchange exchange) {
        var id = exchange.name("id");
        try {
            return journal.find(new BuildId(id)).orElseThrow(() -> Exchange.notFound("build", id));
        } catch (IllegalArgumentException e) {
            throw Exchange.notFound("build", id);
        }
    }

    /** The newest, where none is named. */
    static int attempt(Exchange exchange, Build build) {
        var given = exchange.query("attempt");
        if (given.isEmpty()) {
            return build.attempt();
        }
        if (!given.matches("[0-9]{1,4}") || Integer.parseInt(given) < 1 || Integer.parseInt(given) > build.attempt()) {
            throw Exchange.notFound("attempt", given);
        }
        return Integer.parseInt(given);
    }

    static StageName stage(String name) {
        for (var stage : StageName.values()) {
            if (stage.slug().equals(name)) {
                return stage;
            }
        }
        throw Exchange.notFound("stage", name);
    }
}
