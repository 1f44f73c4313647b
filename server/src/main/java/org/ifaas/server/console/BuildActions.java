package org.ifaas.server.console;

import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.server.api.BuildRoutes;
import org.ifaas.server.api.Refusal;

/** What somebody can do with a build, on its page. */
record BuildActions(Builds builds, Journal journal) {
    void cancel(Exchange exchange) {
        var build = AskedBuild.find(journal, exchange);
        BuildRoutes.cancel(builds, build, exchange.account().name());
        exchange.redirect("/builds/" + build.id());
    }

    void retry(Exchange exchange) {
        var build = AskedBuild.find(journal, exchange);
        var from = exchange.form().text("from");
        if (!build.state().ended()) {
            throw new Refusal(
                    409,
                    "the build is " + Shown.of(build.state()).word() + "; only one that has ended can be tried again",
                    "build",
                    build.id().value(),
                    "Wait for its end, or cancel it first.");
        }
        BuildRoutes.retry(
                builds,
                build,
                from.isEmpty() ? null : AskedBuild.stage(from),
                exchange.account().name());
        exchange.redirect("/builds/" + build.id());
    }

    void resign(Exchange exchange) {
        var build = AskedBuild.find(journal, exchange);
        if (!journal.facts(build.id()).has(ReleaseSealed.class)) {
            throw new Refusal(
                    409,
                    "the build has no release",
                    "build",
                    build.id().value(),
                    "Only what was sealed is signed anew.");
        }
        try {
            var again = builds.resign(build.id(), exchange.account().name());
            exchange.redirect("/builds/" + again.id());
        } catch (IllegalStateException e) {
            throw new Refusal(
                    409, String.valueOf(e.getMessage()), "build", build.id().value(), "Wait for its end.");
        }
    }

    void keepHost(Exchange exchange) {
        var build = AskedBuild.find(journal, exchange);
        BuildRoutes.keepHost(
                builds,
                build,
                "for",
                exchange.form().text("for"),
                exchange.account().name());
        exchange.redirect("/builds/" + build.id());
    }
}
