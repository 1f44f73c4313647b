package org.ifaas.factory.pipeline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline whose stages have the needs of the real ones and whose world is a list: every stage writes down that it ran.
 * A test puts behaviour into single stages.
 */
public final class TestStages {
    /** What a stage does beside making its fact. */
    @FunctionalInterface
    public interface Behaviour {
        void run(StageContext build) throws StageFailure, InterruptedException;
    }

    /** Facts of the test pipeline, one type a stage. */
    public record Inputs(@Nullable String nothingToDo) implements Fact {}

    public record Spawned(int attempt) implements Fact {}

    public record Connected() implements Fact {}

    public record CheckedOut() implements Fact {}

    public record Configured() implements Fact {}

    public record Prepared() implements Fact {}

    public record Built() implements Fact {}

    public record Registered() implements Fact {}

    public record Tested() implements Fact {}

    public record Sealed() implements Fact {}

    public record Hashed() implements Fact {}

    public record Copied() implements Fact {}

    public record Requested() implements Fact {}

    public record CleanedUp() implements Fact {}

    public record Destroyed() implements Fact {}

    private final Map<StageName, Behaviour> behaviours = new EnumMap<>(StageName.class);
    private final Map<StageName, Behaviour> rooms = new EnumMap<>(StageName.class);
    private final List<StageName> ran = new CopyOnWriteArrayList<>();
    private final Set<Class<? extends Fact>> gone = ConcurrentHashMap.newKeySet();
    private final Set<BuildId> released = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String nothingToDo;

    /** What a stage does when it is asked whether there is room for it. */
    public void roomFor(StageName stage, Behaviour look) {
        rooms.put(stage, look);
    }

    public void in(StageName stage, Behaviour behaviour) {
        behaviours.put(stage, behaviour);
    }

    public void thereIsNothingToDo(String why) {
        nothingToDo = why;
    }

    /** The thing that facts of this type speak of is gone, until it is made again. */
    public void isGone(Class<? extends Fact> type) {
        gone.add(type);
    }

    /** What stage 10 has sealed has to stay as it is. */
    public void isPublic(BuildId build) {
        released.add(build);
    }

    /** The stages that ran to their end, in the order in which they ended. */
    public List<StageName> ran() {
        return List.copyOf(ran);
    }

    public Pipeline pipeline() {
        var stages = new ArrayList<Stage<?>>();
        stages.add(stage(StageName.INITIALIZE, Inputs.class, Set.of(), Set.of(), b -> new Inputs(nothingToDo)));
        stages.add(after(
                StageName.SPAWN_BUILD_HOST,
                Spawned.class,
                Inputs.class,
                b -> new Spawned(b.build().attempt())));
        stages.add(after(StageName.CONNECT_BUILD_HOST, Connected.class, Spawned.class, b -> new Connected()));
        stages.add(after(StageName.CHECK_OUT_SOURCES, CheckedOut.class, Connected.class, b -> new CheckedOut()));
        stages.add(after(StageName.CONFIGURE_BUILD_HOST, Configured.class, CheckedOut.class, b -> new Configured()));
        stages.add(after(StageName.PREPARE_RUN, Prepared.class, Configured.class, b -> new Prepared()));
        stages.add(stage(
                StageName.BUILD_IMAGE, Built.class, Set.of(Prepared.class), Set.of(Inputs.class), b -> new Built()));
        stages.add(after(StageName.REGISTER_PRIVATE_IMAGE, Registered.class, Built.class, b -> new Registered()));
        stages.add(stage(
                StageName.TEST_IMAGE, Tested.class, Set.of(Registered.class), Set.of(Built.class), b -> new Tested()));
        Set<Class<? extends Fact>> toSign = Set.of(Built.class, Tested.class, Hashed.class);
        stages.add(stage(StageName.SIGN_IMAGE, Sealed.class, toSign, toSign, b -> new Sealed()));
        stages.add(after(StageName.HASH_IMAGE, Hashed.class, Built.class, b -> new Hashed()));
        stages.add(stage(
                StageName.COPY_TO_REGIONS, Copied.class, Set.of(Tested.class), Set.of(Built.class), b -> new Copied()));
        Set<Class<? extends Fact>> toAsk =
                Set.of(Registered.class, Tested.class, Sealed.class, Hashed.class, Copied.class);
        stages.add(stage(StageName.REQUEST_PUBLICATION, Requested.class, toAsk, toAsk, b -> new Requested()));
        stages.add(stage(StageName.CLEAN_UP, CleanedUp.class, Set.of(), Set.of(), b -> new CleanedUp()));
        stages.add(stage(StageName.DESTROY_BUILD_HOST, Destroyed.class, Set.of(), Set.of(), b -> new Destroyed()));
        return new Pipeline(stages);
    }

    public Pipelines pipelines() {
        var test = List.<Stage<?>>of(
                pipeline().stage(StageName.INITIALIZE),
                after(StageName.BUILD_IMAGE, Built.class, Inputs.class, b -> new Built()),
                pipeline().stage(StageName.REGISTER_PRIVATE_IMAGE),
                pipeline().stage(StageName.TEST_IMAGE),
                pipeline().stage(StageName.CLEAN_UP));
        return new Pipelines(Map.of(Kind.BUILD, pipeline(), Kind.TEST, new Pipeline(test)));
    }

    private <F extends Fact> Stage<F> after(
            StageName name, Class<F> makes, Class<? extends Fact> need, TestStage.Work<F> fact) {
        return stage(name, makes, Set.of(need), Set.of(need), fact);
    }

    private <F extends Fact> Stage<F> stage(
            StageName name,
            Class<F> makes,
            Set<Class<? extends Fact>> needs,
            Set<Class<? extends Fact>> restsOn,
            TestStage.Work<F> fact) {
        return new TestStage<>(name, makes, needs, restsOn, fact) {
            @Override
            public boolean sparesOthers(Blame blame, Facts facts) {
                return name == StageName.COPY_TO_REGIONS && blame == Blame.CLOUD;
            }

            @Override
            public void checkReplaceable(BuildId build) throws StageFailure {
                if (name == StageName.SIGN_IMAGE && released.contains(build)) {
                    throw new StageFailure(Blame.REQUEST, "its release is public", "Build anew.");
                }
            }

            @Override
            public void checkRoom(StageContext build) throws StageFailure, InterruptedException {
                rooms.getOrDefault(name, b -> {}).run(build);
            }

            @Override
            public F run(StageContext build) throws StageFailure, InterruptedException {
                behaviours.getOrDefault(name, b -> {}).run(build);
                gone.remove(makes);
                ran.add(name());
                return super.run(build);
            }

            @Override
            public boolean holds(F standing, StageContext build) {
                return !gone.contains(makes);
            }
        };
    }
}
