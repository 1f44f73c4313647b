package org.ifaas.sources;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.pipeline.StageName;
import tools.jackson.databind.JsonNode;

/** What a schema can't say of an image definition: how its fields go together, and that files which it names are there. */
final class DefinitionRules {
    /** Builders that need no suite of an archive. */
    private static final Set<String> WITHOUT_ARCHIVE = Set.of("script", "import");

    /** Builders that put GRUB for a BIOS into the image, and nothing else. */
    private static final Set<String> BIOS_ONLY = Set.of("diskimage-builder", "mmdebstrap");

    /** Builders that check the archive against the keyring of Debian, which build hosts have. */
    private static final Set<String> DEBIAN_ONLY = Set.of("kiwi", "mmdebstrap");

    private final JsonNode definition;
    private final String folder;
    private final ImageYaml.Contents contents;

    DefinitionRules(JsonNode definition, String folder, ImageYaml.Contents contents) {
        this.definition = definition;
        this.folder = folder;
        this.contents = contents;
    }

    /** Looks only at fields that are well by themselves, and adds what it finds. */
    void check(Map<String, Problem> problems) throws IOException, InterruptedException {
        var name = at("/name");
        if (name.isString() && !name.asString().equals(folder)) {
            add(
                    problems,
                    "/name",
                    "is not the name of its folder",
                    "Write " + Problem.shown(folder) + ", or rename the folder.");
        }
        if (sound(problems, "/sizes") && at("/sizes/min_disk_gib").isIntegralNumber()) {
            int disk = at("/sizes/disk_mib").intValue();
            if (at("/sizes/min_disk_gib").intValue() * 1024L < disk) {
                add(
                        problems,
                        "/sizes/min_disk_gib",
                        "is smaller than the disk of " + disk + " MiB",
                        "Write " + Math.ceilDiv(disk, 1024) + ", or remove it.");
            }
        }
        firmware(problems);
        if (sound(problems, "/os", "/builder")
                && DEBIAN_ONLY.contains(builder())
                && !at("/os/distro").asString().equals("debian")) {
            add(
                    problems,
                    "/os/distro",
                    "has an archive whose keyring is not on a build host: the builder " + builder()
                            + " checks what it installs against Debian's alone",
                    "Write builder: diskimage-builder with elements of that distribution, script or import.");
        }
        if (sound(problems, "/os", "/builder")
                && !WITHOUT_ARCHIVE.contains(builder())
                && at("/os/codename")
                        .asString(Codenames.of(
                                at("/os/distro").asString(), at("/os/version").asString()))
                        .isEmpty()) {
            add(
                    problems,
                    "/os/codename",
                    "is not known for " + at("/os/distro").asString() + " "
                            + at("/os/version").asString(),
                    "Add the suite's name in the distribution's archive, such as codename: bookworm.");
        }
        if (sound(problems, "/tests")
                && at("/tests/suite").asString().equals("none")
                && at("/tests/own").isEmpty()) {
            add(
                    problems,
                    "/tests/own",
                    "is empty, and suite is none",
                    "Name a test of its own, or write suite: baseline.");
        }
        if (sound(problems, "/properties", "/lifecycle")
                && at("/properties/os_purpose").asString("").equals("generic")
                && at("/lifecycle/visible_previous").intValue() > 0) {
            add(
                    problems,
                    "/lifecycle/visible_previous",
                    "leaves several images visible, of which os_purpose: generic allows one",
                    "Write 0, or another os_purpose.");
        }
        schedule(problems);
        stages(problems);
        certification(problems);
        present(problems, "/description");
        if (sound(problems, "/builder") && builder().equals("script")) {
            executable(problems, "/description");
        }
        for (int i = 0; i < at("/tests/own").size(); i++) {
            present(problems, "/tests/own/" + i);
        }
    }

    private void firmware(Map<String, Problem> problems) {
        if (!sound(problems, "/architecture", "/firmware", "/builder")) {
            return;
        }
        boolean biosOnly = BIOS_ONLY.contains(builder());
        if (at("/architecture").asString().equals("arm64")) {
            if (biosOnly) {
                add(
                        problems,
                        "/architecture",
                        "has no BIOS, and the builder " + builder() + " makes images for nothing else",
                        "Write builder: kiwi, script or import, or architecture: amd64.");
            } else if (at("/firmware").asString().equals("bios")) {
                add(problems, "/firmware", "does not exist for arm64", "Write firmware: uefi.");
            }
        } else if (biosOnly && at("/firmware").asString().equals("uefi")) {
            add(
                    problems,
                    "/firmware",
                    "is not what the builder " + builder() + " makes images for: that is bios",
                    "Write firmware: bios, or builder: kiwi, script or import.");
        }
    }

    private String builder() {
        return at("/builder").asString();
    }

    private void stages(Map<String, Problem> problems) throws IOException, InterruptedException {
        var names = new HashSet<String>();
        for (int i = 0; i < at("/stages").size(); i++) {
            var stage = "/stages/" + i;
            if (sound(problems, stage) && at(stage).has("before") == at(stage).has("after")) {
                add(
                        problems,
                        stage,
                        at(stage).has("before") ? "has both before and after" : "has neither before nor after",
                        "Name the one stage before or after which it runs.");
            }
            if (sound(problems, stage) && !names.add(at(stage + "/name").asString())) {
                add(problems, stage + "/name", "is the name of another stage", "Give it a name of its own.");
            }
            outOfReach(problems, stage + "/before");
            outOfReach(problems, stage + "/after");
            present(problems, stage + "/script");
            executable(problems, stage + "/script");
        }
    }

    /** Of a stage at which none can run, says why rather than which others there are. */
    private void outOfReach(Map<String, Problem> problems, String pointer) {
        for (var stage : StageName.values()) {
            if (problems.containsKey(pointer) && at(pointer).asString("").equals(stage.slug())) {
                problems.remove(pointer);
                boolean early = stage.compareTo(StageName.CHECK_OUT_SOURCES) <= 0;
                add(
                        problems,
                        pointer,
                        early
                                ? "is too early: no build host has the sources then"
                                : "is too late: publication is requested by then, and nothing can hold it up",
                        early
                                ? "Write after: check-out-sources, or a later stage."
                                : "Write before: request-publication, or an earlier stage.");
            }
        }
    }

    private void certification(Map<String, Problem> problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < at("/certification").size(); i++) {
            var name = "/certification/" + i + "/name";
            if (sound(problems, "/certification/" + i) && !names.add(at(name).asString())) {
                add(problems, name, "is the name of another step", "Give it a name of its own.");
            }
        }
    }

    private void schedule(Map<String, Problem> problems) {
        if (sound(problems, "/schedule") && at("/schedule/cron").isString()) {
            var wrong = CronRules.wrong(at("/schedule/cron").asString());
            if (wrong != null) {
                add(
                        problems,
                        "/schedule/cron",
                        wrong,
                        "Write minute, hour, day of the month, month and day of the week, such as 30 3 * * 1.");
            }
            if (!CronRules.isZone(at("/schedule/zone").asString())) {
                add(problems, "/schedule/zone", "is no time zone", "Write one such as Europe/Berlin or UTC.");
            }
        }
    }

    private void present(Map<String, Problem> problems, String pointer) throws IOException, InterruptedException {
        if (sound(problems, pointer) && at(pointer).isString()) {
            var path = at(pointer).asString();
            if (!path.equals(".") && !contents.have(path)) {
                add(
                        problems,
                        pointer,
                        "is not in the definition's folder",
                        "Correct the path, or commit the file; a link must not lead out of the repository.");
            }
        }
    }

    private void executable(Map<String, Problem> problems, String pointer) {
        if (sound(problems, pointer)
                && at(pointer).isString()
                && !contents.mayRun(at(pointer).asString())) {
            add(
                    problems,
                    pointer,
                    "is not executable",
                    "Run 'git update-index --chmod=+x "
                            + Problem.shown(at(pointer).asString()) + "' and commit.");
        }
    }

    private boolean sound(Map<String, Problem> problems, String... pointers) {
        for (var pointer : pointers) {
            if (problems.keySet().stream()
                    .anyMatch(known -> known.equals(pointer) || known.startsWith(pointer + "/"))) {
                return false;
            }
        }
        return true;
    }

    private JsonNode at(String pointer) {
        return definition.at(pointer);
    }

    private void add(Map<String, Problem> problems, String pointer, String problem, String mend) {
        var value = at(pointer);
        problems.putIfAbsent(
                pointer,
                Problem.of(
                        PublishedSchema.field(pointer), value.isValueNode() ? value.asString("") : "", problem, mend));
    }
}
