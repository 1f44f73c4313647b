package org.ifaas.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.FlavorView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.RemovedView;
import org.ifaas.api.StageView;
import org.ifaas.api.TestsView;
import org.jspecify.annotations.Nullable;

/** Builds to show, as a factory would send them. */
public final class Fixtures {
    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private static final List<String> TITLES = List.of(
            "Initialize",
            "Spawn build host",
            "Connect build host",
            "Check out sources",
            "Configure build host",
            "Prepare run",
            "Build image",
            "Register private image",
            "Test image",
            "Sign image",
            "Hash image",
            "Copy to regions",
            "Request publication",
            "Clean up",
            "Destroy build host");

    private Fixtures() {}

    public static BuildView queued(String id, String image) {
        return new BuildView(
                id,
                request(image),
                "root",
                "QUEUED",
                1,
                START,
                null,
                null,
                null,
                null,
                null,
                waiting(),
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    /** For room. */
    public static BuildView waiting(String id, String image, String reason) {
        var build = queued(id, image);
        return with(build, "QUEUED", null, reason, build.stages(), null);
    }

    public static BuildRequest request(String image) {
        return new BuildRequest(image, null, null, null, null, null, null, null, null, null, null);
    }

    public static List<StageView> waiting() {
        var stages = new ArrayList<StageView>();
        for (int i = 0; i < TITLES.size(); i++) {
            var title = TITLES.get(i);
            var name = title.toLowerCase(Locale.ROOT).replace(' ', '-');
            stages.add(new StageView(i + 1, name, title, "WAITING", null, null, null, null, null, null));
        }
        return stages;
    }

    /** All stages up to this one took ten seconds each, one after the other; it has been running since. */
    public static BuildView running(String id, String image, int stage, @Nullable String lastLine) {
        var stages = waiting();
        for (int i = 1; i <= stage; i++) {
            boolean last = i == stage;
            var from = START.plusSeconds((i - 1) * 10L);
            change(
                    stages,
                    i,
                    last ? "RUNNING" : "DONE",
                    from,
                    last ? null : from.plusSeconds(10),
                    null,
                    null,
                    null,
                    last ? lastLine : null);
        }
        return with(queued(id, image), "RUNNING", null, null, stages, null);
    }

    public static BuildView succeeded(String id, String image) {
        var stages = waiting();
        for (int i = 1; i <= 15; i++) {
            change(stages, i, "DONE", START, START.plusSeconds(10), null, null, null, null);
        }
        return with(queued(id, image), "SUCCEEDED", START.plusSeconds(754), null, stages, release(id, image));
    }

    /** With nothing to do after its first stage. */
    public static BuildView skipped(String id, String image) {
        var stages = waiting();
        for (int i = 1; i <= 15; i++) {
            change(stages, i, "SKIPPED", null, null, null, null, null, null);
        }
        change(stages, 1, "DONE", START, START.plusSeconds(10), null, null, null, null);
        change(stages, 14, "DONE", START.plusSeconds(90), START.plusSeconds(91), null, null, null, null);
        change(stages, 15, "DONE", START.plusSeconds(91), START.plusSeconds(92), null, null, null, null);
        return with(queued(id, image), "UNCHANGED", START.plusSeconds(93), "nothing to do", stages, null);
    }

    /** Its second attempt at work: what stands is skipped, and what is needed runs. */
    public static BuildView again(String id, String image) {
        var stages = waiting();
        var again = START.plusSeconds(90);
        for (int i = 1; i <= 11; i++) {
            change(stages, i, "SKIPPED", null, again, null, "stands from an earlier attempt", null, null);
        }
        change(stages, 2, "DONE", again, again.plusSeconds(1), null, null, null, null);
        change(stages, 3, "RUNNING", again.plusSeconds(1), null, null, null, null, null);
        change(stages, 12, "RUNNING", again, null, null, null, null, null);
        return with(queued(id, image), "RUNNING", null, null, stages, null);
    }

    public static BuildView failed(String id, String image, int stage, String blame, String message, String mend) {
        var stages = running(id, image, stage, null).stages();
        change(stages, stage, "FAILED", START, START.plusSeconds(61), blame, message, mend, null);
        return with(queued(id, image), "FAILED", START.plusSeconds(92), message, stages, null);
    }

    /** On two flavors, of which one shows failures where the build has failed. */
    public static BuildView onFlavors(BuildView build) {
        int failed = build.state().equals("FAILED") ? 2 : 0;
        var flavors = List.of(
                new FlavorView("m1.small", 12, 0, 1, "TCG", 31.25, "/results/m1.small"),
                new FlavorView("m1.xlarge", 12 - failed, failed, 0, "TCG", failed == 0 ? 20 : 0, "/results/m1.xlarge"));
        return new BuildView(
                build.id(),
                build.parameters(),
                build.requester(),
                build.state(),
                build.attempt(),
                build.requested(),
                build.started(),
                build.ended(),
                build.reason(),
                build.commit(),
                build.serial(),
                build.stages(),
                build.release(),
                build.unchangedSince(),
                new TestsView(24 - failed, 1, "TCG", 31.25, Map.of(), "/results", flavors),
                build.certification(),
                build.removed());
    }

    public static BuildView in(String state, BuildView build) {
        return with(build, state, build.ended(), build.reason(), build.stages(), build.release());
    }

    public static BuildView ended(String id, String image, String state, String reason, @Nullable String since) {
        var build = with(queued(id, image), state, START.plusSeconds(5), reason, waiting(), null);
        return since == null
                ? build
                : new BuildView(
                        id,
                        build.parameters(),
                        "root",
                        state,
                        1,
                        START,
                        START,
                        build.ended(),
                        reason,
                        null,
                        null,
                        build.stages(),
                        null,
                        since,
                        null,
                        List.of(),
                        List.of());
    }

    public static ReleaseView release(String build, String image) {
        return new ReleaseView(
                image + "/20261122.1",
                image,
                "20261122.1",
                build,
                "/home/factory/releases/" + image + "/20261122.1",
                "files/" + image + ".qcow2",
                356_400_000,
                "ab".repeat(32),
                List.of("first/11111111-2222", "second/33333333-4444"),
                "24 passed, 1 skipped",
                "PENDING",
                "F".repeat(40),
                START.plusSeconds(700),
                List.of("gpgv --keyring ./key.gpg SHA256SUMS.asc SHA256SUMS", "sha256sum -c --strict SHA256SUMS"),
                null);
    }

    public static final Instant REMOVED = Instant.parse("2026-12-24T10:00:00Z");

    public static ReleaseView removed(ReleaseView release) {
        return new ReleaseView(
                release.id(),
                release.image(),
                release.serial(),
                release.build(),
                release.folder(),
                release.file(),
                release.size(),
                release.sha256(),
                release.images(),
                release.tests(),
                release.publication(),
                release.keyFingerprint(),
                release.sealed(),
                release.verify(),
                REMOVED);
    }

    public static BuildView removed(BuildView build) {
        return new BuildView(
                build.id(),
                build.parameters(),
                build.requester(),
                build.state(),
                build.attempt(),
                build.requested(),
                build.started(),
                build.ended(),
                build.reason(),
                build.commit(),
                build.serial(),
                build.stages(),
                build.release(),
                build.unchangedSince(),
                build.tests(),
                build.certification(),
                List.of(new RemovedView("artifacts", REMOVED, 3, 2000, "older than 14 days")));
    }

    public static void change(
            List<StageView> stages,
            int number,
            String state,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable String blame,
            @Nullable String message,
            @Nullable String mend,
            @Nullable String lastLine) {
        var old = stages.get(number - 1);
        stages.set(
                number - 1,
                new StageView(number, old.name(), old.title(), state, started, ended, blame, message, mend, lastLine));
    }

    private static BuildView with(
            BuildView build,
            String state,
            @Nullable Instant ended,
            @Nullable String reason,
            List<StageView> stages,
            @Nullable ReleaseView release) {
        var serial = state.equals("QUEUED") ? null : "20261122.1";
        return new BuildView(
                build.id(),
                build.parameters(),
                "root",
                state,
                1,
                START,
                START,
                ended,
                reason,
                "c0ffee" + "0".repeat(34),
                serial,
                stages,
                release,
                null,
                null,
                List.of(),
                List.of());
    }
}
