package org.ifaas.factory.pipeline;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Stages in their order, and what follows from their needs: all fifteen of a build, or those that another kind is made of. */
public record Pipeline(List<Stage<?>> stages) {

    public Pipeline {
        stages = List.copyOf(stages);
        var names = stages.stream().map(Stage::name).toList();
        var inOrder = names.stream().distinct().sorted().toList();
        if (!names.equals(inOrder) || names.stream().allMatch(StageName::always)) {
            throw new IllegalArgumentException("the stages are not some of the fifteen in their order: " + names);
        }
    }

    public boolean has(StageName name) {
        return stages.stream().anyMatch(stage -> stage.name() == name);
    }

    /** @throws IllegalArgumentException when it is no part of this pipeline */
    public Stage<?> stage(StageName name) {
        return stages.stream()
                .filter(stage -> stage.name() == name)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is no part of this pipeline"));
    }

    /** The stage for whose fact all the others run: the last but those that run ALWAYS. */
    private Stage<?> goal() {
        return stages.stream()
                .filter(stage -> !stage.name().always())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    public List<Class<? extends Fact>> factTypes() {
        var types = new ArrayList<Class<? extends Fact>>();
        stages.forEach(stage -> types.add(stage.makes()));
        return types;
    }

    /** The stage that makes facts of this type. */
    public Stage<?> makerOf(Class<? extends Fact> type) {
        return stages.stream()
                .filter(stage -> stage.makes() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage makes " + type.getSimpleName()));
    }

    /**
     * The stages that must run so that the last of them, which in a build makes the publication request, can: those whose
     * facts are missing and that it needs, directly or through others. A build whose image stands needs no host.
     */
    public Set<StageName> missing(Facts facts) {
        var missing = EnumSet.noneOf(StageName.class);
        addMissing(goal(), facts, missing);
        return missing;
    }

    private void addMissing(Stage<?> stage, Facts facts, Set<StageName> missing) {
        if (facts.has(stage.makes()) || !missing.add(stage.name())) {
            return;
        }
        stage.needs(facts).forEach(need -> addMissing(makerOf(need), facts, missing));
    }

    /** What becomes void when everything is made again from this stage on. */
    Set<Class<? extends Fact>> madeFrom(StageName from) {
        var types = new HashSet<Class<? extends Fact>>();
        stages.stream()
                .filter(stage -> stage.name().compareTo(from) >= 0)
                .forEach(stage -> types.addAll(restingOn(stage.makes())));
        return types;
    }

    /** @throws StageFailure when one of these types has a fact that has to stay as it is */
    void checkReplaceable(Set<Class<? extends Fact>> types, Facts facts, BuildId build) throws StageFailure {
        for (var stage : stages) {
            if (types.contains(stage.makes()) && facts.has(stage.makes())) {
                stage.checkReplaceable(build);
            }
        }
    }

    /** This fact and all that rest on it, directly or through others: what becomes void with it. */
    public Set<Class<? extends Fact>> restingOn(Class<? extends Fact> type) {
        var found = new HashSet<Class<? extends Fact>>();
        found.add(type);
        boolean more = true;
        while (more) {
            more = false;
            for (var stage : stages) {
                if (stage.restsOn().stream().anyMatch(found::contains)) {
                    more |= found.add(stage.makes());
                }
            }
        }
        return found;
    }
}
