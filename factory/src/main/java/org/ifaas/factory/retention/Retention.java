package org.ifaas.factory.retention;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.Removed;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is over its time, and nothing that was or may still be published. Decided, written down, looked at once more,
 * removed, written down: what a crash has interrupted goes on in the next round. Builds themselves stay, with their facts and figures.
 */
public final class Retention {
    /** In whose name it removes. */
    public static final String WHO = "retention";

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** Some may have to stay for what a region says: so many more are looked at than go. */
    private static final int LOOK_FURTHER = 10;

    private static final String LOG_FOLDER = "logs";

    private final Outdated outdated;
    private final Journal journal;
    private final Logs logs;
    private final ArtifactStore store;
    private final Registries registries;
    private final AuditLog audit;
    private final RetentionPolicy policy;
    private final InstantSource clock;

    public Retention(
            Outdated outdated,
            Journal journal,
            Logs logs,
            ArtifactStore store,
            Registries registries,
            AuditLog audit,
            RetentionPolicy policy,
            InstantSource clock) {
        this.outdated = outdated;
        this.journal = journal;
        this.logs = logs;
        this.store = store;
        this.registries = registries;
        this.audit = audit;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * What would go next.
     *
     * @param stays why it can't go although it is over its time; null when it can
     */
    public record Due(
            BuildId build,
            String image,
            String what,
            int files,
            long bytes,
            @Nullable String stays) {}

    /** One round; called again and again. */
    public void round() {
        if (!policy.enabled()) {
            return;
        }
        int left = policy.round();
        for (var id : outdated.artifacts(policy, clock.instant(), policy.round() * LOOK_FURTHER)) {
            if (left > 0 && removeArtifacts(id)) {
                left--;
            }
        }
        for (var id : outdated.logs(policy, clock.instant(), left)) {
            removeLogs(id);
        }
    }

    /** What the next round would remove, or could not, whether or not it is switched on. Removes nothing. */
    public List<Due> next() {
        var due = new ArrayList<Due>();
        var now = clock.instant();
        for (var id : outdated.artifacts(policy, now, policy.round())) {
            journal.find(id).ifPresent(build -> due.add(artifactsDue(build)));
        }
        for (var id : outdated.logs(policy, now, policy.round())) {
            journal.find(id).ifPresent(build -> due.add(due(build, "logs", logs.size(id), null)));
        }
        return due;
    }

    public RetentionPolicy policy() {
        return policy;
    }

    private Due artifactsDue(Build build) {
        try {
            var things = things(build);
            return due(build, "artifacts", things.room(), null);
        } catch (Stays | StageFailure | IOException e) {
            return due(build, "artifacts", new Logs.Room(0, 0), String.valueOf(e.getMessage()));
        }
    }

    private static Due due(Build build, String what, Logs.Room room, @Nullable String stays) {
        return new Due(build.id(), build.parameters().image(), what, room.files(), room.bytes(), stays);
    }

    /** A release that was made public behind the factory's back, of which nobody knows, or that is wanted again. */
    private static final class Stays extends Exception {
        private static final long serialVersionUID = 1L;

        private Stays(String why) {
            super(why);
        }
    }

    private record Held(Registry registry, RegionImage image) {}

    /** @param folders of the store that go, each with all that is in it, and files */
    private record Things(List<Held> images, Set<String> folders, Logs.Room room) {}

    /** All of one build that goes with its artifacts, looked for where it may be: facts alone don't tell what a crash has left. */
    private Things things(Build build) throws Stays, StageFailure, IOException {
        var facts = journal.facts(build.id());
        var images = build.parameters().kind() == Kind.BUILD ? images(facts) : List.<Held>of();
        var folders = new LinkedHashSet<String>();
        int files = 0;
        long bytes = 0;
        for (var folder : folders(build, facts)) {
            var inside = store.list(folder);
            // What is there and has nothing in it is a file.
            for (var key : inside.isEmpty() && store.exists(folder) ? List.of(folder) : inside) {
                folders.add(folder);
                files++;
                bytes += store.size(key);
            }
        }
        return new Things(images, folders, new Logs.Room(files, bytes));
    }

    private List<Held> images(Facts facts) throws Stays, StageFailure {
        var held = new ArrayList<Held>();
        var inputs = facts.find(Inputs.class).orElse(null);
        if (inputs == null) {
            return held;
        }
        for (var region : inputs.regions()) {
            if (registries.all().stream()
                    .noneMatch(registry -> registry.region().equals(region))) {
                throw new Stays("region " + region + " is not configured any more: whether the image is public there"
                        + " can't be seen");
            }
            var registry = registries.of(region);
            for (var ref : ImageRef.of(facts)) {
                var image =
                        ref.region().equals(region) ? registry.find(ref.id()).orElse(null) : null;
                if (image != null && !isPrivate(image)) {
                    throw new Stays("image " + ref.id() + " is " + (image.hidden() ? "hidden" : image.visibility())
                            + " in region " + region + " as " + image.name());
                }
            }
            for (var image : registry.named(inputs.imageName())) {
                if (!isPrivate(image)) {
                    throw new Stays("image " + image.name() + " is " + image.visibility() + " in region " + region);
                }
                held.add(new Held(registry, image));
            }
        }
        return held;
    }

    private static boolean isPrivate(RegionImage image) {
        return image.visibility().equals("private") && !image.hidden();
    }

    /** The folder of its release or of its tests, when it is this build's own, and what else it has beside its logs. */
    private List<String> folders(Build build, Facts facts) throws IOException {
        var folders = new LinkedHashSet<String>();
        facts.find(Inputs.class)
                .map(Inputs::releaseFolder)
                .filter(folder -> folder.matches("(releases|tests)/[^/]+/[^/]*" + build.id() + "[^/]*"))
                .ifPresent(folders::add);
        var own = "builds/" + build.id() + "/";
        for (var key : store.list("builds/" + build.id())) {
            var name = key.substring(own.length()).split("/", 2)[0];
            if (!name.equals(LOG_FOLDER)) {
                folders.add(own + name);
            }
        }
        return List.copyOf(folders);
    }

    /** @return whether something went */
    private boolean removeArtifacts(BuildId id) {
        var build = journal.find(id).orElseThrow();
        try {
            var things = things(build);
            var before = journal.facts(id).find(ArtifactsRemoved.class).filter(fact -> fact.done() == null);
            var room = things.room();
            var why = build.state().keepsImages()
                    ? "never published, older than " + days(policy.unpublished()) + ", not one of the last "
                            + policy.keep()
                    : "failed or cancelled, older than " + days(policy.failed());
            var removed = before.orElseGet(
                    () -> new ArtifactsRemoved(clock.instant(), null, room.files(), room.bytes(), why));
            boolean nothing = things.images().isEmpty() && things.folders().isEmpty() && before.isEmpty();
            if (before.isEmpty()) {
                requireOver(id);
                if (!nothing) {
                    writeDown(AuditAction.ARTIFACTS_REMOVED, build, removed);
                }
                journal.record(id, removed, clock.instant());
            }
            // A signature anew may have begun before it could see that they go.
            requireOver(id);
            remove(things);
            journal.record(id, removed.done(clock.instant()), clock.instant());
            return !nothing;
        } catch (Stays e) {
            LOG.debug("artifacts of build {} stay: {}", id, e.getMessage());
        } catch (StageFailure e) {
            LOG.warn("artifacts of build {} can't be removed yet: {} {}", id, e.getMessage(), e.mend());
        } catch (IOException e) {
            LOG.warn("artifacts of build {} can't be removed yet: {}", id, e.toString());
        } catch (IllegalStateException goesOn) {
            LOG.info("artifacts of build {} stay: {}", id, goesOn.getMessage());
        }
        return false;
    }

    /** The list they were on is old by now. */
    private void requireOver(BuildId id) throws Stays {
        if (!outdated.areArtifactsOver(id, policy, clock.instant())) {
            throw new Stays("they are wanted again");
        }
    }

    private void remove(Things things) throws StageFailure, IOException {
        for (var held : things.images()) {
            // Looked at once more: since then somebody may have made it public.
            var now = held.registry().find(held.image().ref().id());
            if (now.isPresent() && isPrivate(now.get())) {
                held.registry().delete(held.image().ref().id());
            }
        }
        for (var folder : things.folders()) {
            store.delete(folder);
        }
    }

    private void removeLogs(BuildId id) {
        if (!outdated.areLogsOver(id, policy, clock.instant())) {
            return;
        }
        var build = journal.find(id).orElseThrow();
        try {
            var before = journal.facts(id).find(LogsRemoved.class).filter(fact -> fact.done() == null);
            var room = logs.size(id);
            var removed = before.orElseGet(() -> new LogsRemoved(
                    clock.instant(), null, room.files(), room.bytes(), "older than " + days(policy.logs())));
            if (before.isEmpty()) {
                writeDown(AuditAction.LOGS_REMOVED, build, removed);
                journal.record(id, removed, clock.instant());
            }
            logs.remove(id);
            journal.record(id, removed.done(clock.instant()), clock.instant());
        } catch (IOException e) {
            LOG.warn("logs of build {} can't be removed yet: {}", id, e.toString());
        } catch (IllegalStateException goesOn) {
            LOG.info("logs of build {} stay: {}", id, goesOn.getMessage());
        }
    }

    private void writeDown(AuditAction action, Build build, Removed removed) {
        audit.record(
                WHO,
                action,
                build.id().value(),
                Map.of(
                        "image", build.parameters().image(),
                        "files", Integer.toString(removed.files()),
                        "bytes", Long.toString(removed.bytes()),
                        "why", removed.why()));
    }

    private static String days(Duration age) {
        return age.toDays() > 0 ? age.toDays() + " days" : age.toString();
    }
}
