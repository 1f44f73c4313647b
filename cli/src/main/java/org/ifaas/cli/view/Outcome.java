package org.ifaas.cli.view;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ifaas.api.BuildView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.StageView;
import org.ifaas.api.TestsView;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;

/** How a build ended, and what to do now. */
public record Outcome(Surroundings surroundings, Style style) {
    public List<String> lines(BuildView build) {
        var lines = new ArrayList<String>();
        lines.add("");
        switch (build.state()) {
            case "SUCCEEDED" -> succeeded(build, lines);
            case "UNCHANGED" -> unchanged(build, lines);
            case "PARTIAL" ->
                failed(build, "is partial: all is made but copies in regions", "(copies to what is missing)", lines);
            case "FAILED" -> failed(build, "failed", "(keeps what is done)", lines);
            case "CANCELLED" -> {
                lines.add(headline(build, "CANCELLED", "was cancelled" + after(build) + because(build.reason())));
                lines.add("  Again     " + surroundings.hints().of("retry " + build.id()));
            }
            default -> lines.add(headline(build, build.state(), "goes on"));
        }
        for (var removed : build.removed()) {
            lines.add("  Removed   %s by retention on %s (%s): %s"
                    .formatted(
                            removed.what(),
                            LocalDate.ofInstant(removed.when(), ZoneOffset.UTC),
                            Amounts.size(removed.bytes()),
                            removed.why()));
        }
        return lines;
    }

    private void succeeded(BuildView build, List<String> lines) {
        lines.add(headline(build, "SUCCEEDED", "is done" + after(build)));
        if (build.release() != null) {
            release(build.release(), build.tests(), lines);
            lines.addAll(Certification.lines(build.certification()));
        } else if (build.tests() != null) {
            tests(build.tests(), lines);
        }
    }

    private static void tests(TestsView tests, List<String> lines) {
        lines.add("  Tests     %d passed, %d skipped, with %s"
                .formatted(tests.passed(), tests.skipped(), tests.accelerator()));
        flavors(tests, lines);
        lines.add("  Results   " + tests.results());
    }

    /** The image on each flavor. */
    private static void flavors(@Nullable TestsView tests, List<String> lines) {
        if (tests == null) {
            return;
        }
        int width = tests.flavors().stream()
                .mapToInt(flavor -> Columns.width(flavor.name()))
                .max()
                .orElse(0);
        var head = "  Flavors   ";
        for (var flavor : tests.flavors()) {
            lines.add(head + Columns.pad(flavor.name(), width) + "  "
                    + (flavor.failed() > 0 ? flavor.failed() + " failed, " : "")
                    + "%d passed, %d skipped".formatted(flavor.passed(), flavor.skipped())
                    + (flavor.bootSeconds() > 0
                            ? String.format(Locale.ROOT, ", booted in %.1f s", flavor.bootSeconds())
                            : ""));
            head = "            ";
        }
    }

    /** What a release is, how to check it, and what may be done with it. */
    public void release(ReleaseView release, @Nullable TestsView tests, List<String> lines) {
        if (release.removed() != null) {
            lines.add("  Release   " + release.id() + ", of which nothing is left");
            lines.add("  SHA-256   " + release.sha256());
            lines.add("  Tests     " + release.tests());
            return;
        }
        lines.add("  Release   " + release.folder());
        lines.add("  Image     " + release.file() + ", " + Amounts.size(release.size()));
        lines.add("  SHA-256   " + release.sha256());
        lines.add("  Tests     " + release.tests());
        flavors(tests, lines);
        for (int i = 0; i < release.images().size(); i++) {
            lines.add((i == 0 ? "  Regions   " : "            ")
                    + release.images().get(i));
        }
        if (release.keyFingerprint() != null) {
            lines.add("  Key       " + release.keyFingerprint());
        }
        lines.add("");
        lines.add("  Verify    " + surroundings.hints().of("verify " + release.id()));
        if (!release.verify().isEmpty()) {
            lines.add("            or with the customers' own tools:");
            release.verify().forEach(command -> lines.add("              " + command));
        }
        lines.add(publication(release));
    }

    private String publication(ReleaseView release) {
        return switch (release.publication()) {
            case "PENDING" ->
                "  Publish   " + surroundings.hints().of("approve " + release.build()) + "    (or: "
                        + surroundings.hints().of("reject " + release.build() + " --reason TEXT") + ")";
            case "PUBLISHED" -> "  Publish   it is public";
            case "REJECTED" -> "  Publish   its publication request was rejected";
            default -> "  Publish   no publication was requested";
        };
    }

    private void unchanged(BuildView build, List<String> lines) {
        lines.add(headline(build, "UNCHANGED", "had nothing to do" + because(build.reason(), "nothing to do: ")));
        if (build.unchangedSince() != null) {
            lines.add("  Release   " + build.unchangedSince());
            lines.add("  Verify    " + surroundings.hints().of("verify " + build.unchangedSince()));
        }
        if ("resign".equals(build.parameters().kind())) {
            return;
        }
        lines.add("  Build it all the same: "
                + surroundings.hints().of("build " + build.parameters().image() + " --force"));
    }

    private void failed(BuildView build, String words, String again, List<String> lines) {
        var stages = build.stages().stream()
                .filter(stage -> stage.state().equals("FAILED"))
                .toList();
        lines.add(headline(
                build, build.state(), words + after(build) + (stages.isEmpty() ? because(build.reason()) : "")));
        stages.forEach(stage -> stage(build, stage, lines));
        flavors(build.tests(), lines);
        lines.add(
                build.removed().stream().anyMatch(removed -> removed.what().equals("artifacts"))
                        ? "  Again     "
                                + surroundings
                                        .hints()
                                        .of("build " + build.parameters().image())
                        : "  Again     " + surroundings.hints().of("retry " + build.id()) + "    " + again);
    }

    private void stage(BuildView build, StageView stage, List<String> lines) {
        lines.add("  Stage     " + stage.number() + ", " + stage.title()
                + (stage.blame() == null ? "" : "; to blame: " + blame(stage.blame())));
        if (stage.message() != null) {
            lines.add("  What      " + indented(surroundings.hints().in(stage.message())));
        }
        if (stage.mend() != null) {
            lines.add("  Mend      " + indented(surroundings.hints().in(stage.mend())));
        }
        lines.add("  Log       " + surroundings.hints().of("logs " + build.id() + " " + stage.name()));
    }

    private static String blame(String blame) {
        return switch (blame) {
            case "REQUEST" -> "what was asked for";
            case "IMAGE" -> "the image definition";
            case "HOST" -> "the build host";
            case "CLOUD" -> "the cloud, or what is reached over the network";
            case "FACTORY" -> "the factory";
            default -> blame;
        };
    }

    private String headline(BuildView build, String state, String words) {
        var serial = build.serial() == null ? "" : " " + build.serial();
        return style.paint(state, style.symbol(state)) + " "
                + style.strong(build.parameters().image() + serial) + " (build " + build.id() + ") " + words;
    }

    private static String after(BuildView build) {
        var took = Amounts.elapsed(build.started(), build.ended(), Instant.EPOCH);
        return took.isEmpty() || build.ended() == null ? "" : " after " + took;
    }

    /** Less what stands before it already. */
    private static String because(@Nullable String reason, String said) {
        return because(reason != null && reason.startsWith(said) ? reason.substring(said.length()) : reason);
    }

    private static String because(@Nullable String reason) {
        return reason == null || reason.isBlank() ? "" : ": " + indented(reason);
    }

    private static String indented(String text) {
        return String.join("\n            ", Columns.cleanLines(text));
    }
}
