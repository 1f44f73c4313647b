package org.ifaas.factory.notify;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Who hears of an event: the owner of the image, its team in copy, and whom the requester named.
 *
 * @param operators who hear when the factory itself is to blame, and when no owner is known
 */
record Audience(Journal journal, Repository repository, List<String> operators) {
    record Addresses(List<String> to, List<String> copyTo) {}

    Addresses of(Event event, @Nullable Build build, Facts facts, boolean factoryIsToBlame) {
        var to = new LinkedHashSet<String>();
        var copyTo = new LinkedHashSet<String>();
        definition(event.image(), facts).ifPresent(definition -> {
            to.add(definition.owner());
            copyTo.addAll(definition.team());
        });
        if (to.isEmpty()) {
            to.addAll(operators);
        }
        if (factoryIsToBlame) {
            copyTo.addAll(operators);
        }
        if (build != null) {
            copyTo.addAll(build.parameters().copyTo());
        }
        copyTo.removeAll(to);
        return new Addresses(new ArrayList<>(to), new ArrayList<>(copyTo));
    }

    /** As the build had it; else as it is now; else as the last good build had it. */
    private Optional<ImageDefinition> definition(String image, Facts facts) {
        return facts.find(Inputs.class)
                .map(Inputs::definition)
                .or(() -> repository.definitions().stream()
                        .filter(listed -> listed.name().equals(image) && listed.definition() != null)
                        .findFirst()
                        .map(Repository.Listed::definition))
                .or(() -> journal.succeeded(image, 1).stream()
                        .findFirst()
                        .flatMap(good -> journal.facts(good.id()).find(Inputs.class))
                        .map(Inputs::definition));
    }
}
